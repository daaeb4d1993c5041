"""Leaving: the page, RFC 8058's one-click post, and an undo.

The token stands in a header of every mail, and opens from those that were forwarded too: no page here shows the
way to the learner's own, which only a mail does.
"""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.consent.acts import UNDO, UNSUBSCRIBE, Shown
from course.enrolment import enrolments, leaving, way_back_in
from mailer.signer import NOBODY
from web.language import speak_for, words
from web.request import asking_network, current_runtime, see_other

pages = Blueprint("preferences", __name__, url_prefix="/unsubscribe/<token>")


@pages.get("")
def ask(token: str) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment, _ = enrolments.find_enrolment(session, runtime.signer.read_unsubscribe(token))
    return _show(token, enrolment.id, done=enrolment.state == "left")


@pages.post("")
def leave(token: str) -> str:
    """Takes any body, also RFC 8058's `List-Unsubscribe=One-Click` and nothing else."""
    runtime = current_runtime()
    if runtime.signer.read_unsubscribe(token) == NOBODY:
        return "This link is nobody's: it shows that unsubscribing works."
    with runtime.db.write() as session:
        enrolment_id = runtime.signer.read_unsubscribe(token)
        who = enrolments.participant(session, runtime.shelf, enrolment_id, lock=True)
        speak_for(who.published.course)
        leaving.leave(session, who, runtime.clock.now(), _shown_to_leave())
    return _show(token, enrolment_id, done=True)


@pages.post("/undo")
def undo(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        enrolment_id = runtime.signer.read_unsubscribe(token)
        who = enrolments.participant(session, runtime.shelf, enrolment_id, lock=True)
        speak_for(who.published.course)
        leaving.come_back(session, who, runtime.clock.times(), _shown_to_undo())
        pending = who.enrolment.state == "pending"
    return see_other(f"/courses/{who.published.course.slug}" if pending else f"/unsubscribe/{token}?back")


@pages.post("/mail-link")
def mail_link(token: str) -> Response:
    """Mail the way to the course page to the learner's address, which is not shown."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        enrolment_id = runtime.signer.read_unsubscribe(token)
        enrolment, learner = enrolments.find_enrolment(session, enrolment_id, lock=True)
        asked = way_back_in.Request(way_back_in.from_a_mail(asking_network()))
        way_back_in.write_again(session, enrolment, learner, runtime.clock.times(), asked)
    return see_other("/lost-link?sent")


def _shown_to_leave() -> Shown:
    """A mail program's button shows words of its own, which we do not know."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Shown("one-click")
    return Shown("unsubscribe page", {"mails": words().of(UNSUBSCRIBE)})


def _shown_to_undo() -> Shown:
    return Shown("unsubscribe page", {"mails": words().of(UNDO)})


def _show(token: str, enrolment_id: int, *, done: bool) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment, _ = enrolments.find_enrolment(session, enrolment_id)
        course = runtime.shelf.course(session, enrolment.course_id).course
    speak_for(course)
    return render_template(
        "learner/unsubscribe.html",
        course=course,
        action=f"/unsubscribe/{token}",
        done=done,
        back="back" in request.args,
        undo_url=f"/unsubscribe/{token}/undo",
        mail_link_url=f"/unsubscribe/{token}/mail-link",
    )
