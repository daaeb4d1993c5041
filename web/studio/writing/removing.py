"""Taking a file out of the draft: looked at first, then done."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.content.parse import LESSON_PATH
from course.drafts.files import can_write, remove
from course.drafts.folder import digest_of
from course.errors import NotFound
from course.language.words import Phrase
from course.staff.audit_log import log_deed
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.open_draft import Desk, open_desk

pages = Blueprint("removing", __name__, url_prefix="/courses/<slug>/remove")


@pages.get("/<path:path>")
def ahead(slug: str, path: str) -> str:
    desk = open_desk(slug)
    return render_template(
        "studio/remove.html",
        desk=desk,
        path=path,
        is_lesson=LESSON_PATH.fullmatch(path) is not None,
        text=desk.folder.texts.get(path, ""),
        seen=_digest(desk, path),
        can_write=can_write((desk.root / path).parent),
    )


@pages.post("/<path:path>")
def take_out(slug: str, path: str) -> Response:
    desk = open_desk(slug)
    _digest(desk, path)
    remove(desk.root, path, request.form.get("seen", ""))
    with current_runtime().db.write() as session:
        log_deed(session, doer(), "took a file out", None, course=slug, file=path)
    return see_other(f"{desk.url}/media" if path in desk.folder.media else desk.url)


def _digest(desk: Desk, path: str) -> str:
    """Raises NotFound for what is no file that the studio shows."""
    if path not in desk.folder.texts and path not in desk.folder.media:
        raise NotFound(Phrase("There is no file `%(file)s` in this course any more.", {"file": path}))
    return digest_of(desk.root / path)
