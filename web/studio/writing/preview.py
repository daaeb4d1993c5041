"""The mail of a saved file, as it would be sent: in a frame, side by side, and to one's own address."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.errors import NotFound, Refused
from course.language.catalogues import words_in
from course.language.words import Phrase
from course.staff.audit_log import log_deed
from mailer.preview.sample_mail import template_of
from mailer.preview.sample_site import sample_slots
from mailer.sending.one_off import letter_to
from web.request import current_runtime, see_other
from web.studio.access.guard import doer, member
from web.studio.writing.mail_views import VIEWS, framed, policy_of
from web.studio.writing.open_draft import Desk, open_desk, parse, view_of

pages = Blueprint("preview", __name__, url_prefix="/courses/<slug>")


@pages.get("/mail/<path:path>")
def frame(slug: str, path: str) -> Response:
    """The mail's HTML part alone, or the words of a page, for a sandboxed frame in which no script runs."""
    view = request.args.get("view", "desktop")
    html = framed(view_of(_with(slug, path), path), view)
    return Response(html, headers={"Content-Security-Policy": policy_of(view)}, mimetype="text/html")


@pages.get("/preview/<path:path>")
def side_by_side(slug: str, path: str) -> str:
    desk = _with(slug, path)
    return render_template(
        "studio/preview.html",
        desk=desk,
        path=path,
        look=view_of(desk, path),
        views=VIEWS,
        sent=request.args.get("sent") is not None,
    )


@pages.post("/test/<path:path>")
def send_test(slug: str, path: str) -> Response:
    """To the address of whoever asks. It is no delivery, its links are not tracked, and it is in no number."""
    runtime, desk = current_runtime(), _with(slug, path)
    course = parse(desk).course
    template = template_of(desk.sending_site(), course, path, tracked=False)
    if template is None:
        raise NotFound(Phrase("`%(file)s` becomes no mail.", {"file": path}))
    letter = letter_to(
        runtime, member().email, {**sample_slots(words_in(course.language)), "email": member().email}
    )
    if not runtime.queue.try_out(template, letter):
        raise Refused(Phrase("The mail could not be handed over just now. Try again in a minute."))
    with runtime.db.write() as session:
        log_deed(session, doer(), "sent a test mail", None, course=slug, file=path)
    return see_other(f"{desk.url}/preview/{path}?sent")


def _with(slug: str, path: str) -> Desk:
    desk = open_desk(slug)
    if path not in desk.folder.texts:
        raise NotFound(Phrase("There is no text `%(file)s` in this course that can be read.", {"file": path}))
    return desk
