"""A lesson, an article or a medium gets another name: what goes with it is seen first, then it is done."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.content.parse import LESSON_PATH
from course.drafts.files import can_write
from course.drafts.folder import digest_of
from course.drafts.naming import can_be_renamed, links_to, name_in, renamed, together_with
from course.drafts.rename import rename_file
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.publishing.publish import names_of
from course.staff.audit_log import log_deed
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.open_draft import Desk, open_desk

pages = Blueprint("renaming", __name__, url_prefix="/courses/<slug>/rename")


@pages.get("/<path:path>")
def ahead(slug: str, path: str) -> str:
    return _show(open_desk(slug), path, name_in(path), "")


@pages.post("/<path:path>")
def rename(slug: str, path: str) -> Response | tuple[str, int]:
    desk, name = open_desk(slug), request.form.get("name", "").strip()
    with current_runtime().db.read() as session:
        names = names_of(session, slug)
    try:
        naming = rename_file(
            desk.root,
            path,
            request.form.get("seen", ""),
            lambda folder: renamed(folder.texts, folder.media, path, name, names),
        )
    except Refused as problem:
        return _show(desk, path, name, problem.message), 422
    now, links_in = naming.paths[path], sorted(naming.texts.keys() - {path})
    with current_runtime().db.write() as session:
        log_deed(session, doer(), "renamed a file", None, course=slug, file=path, now=now, links_in=links_in)
    return see_other(f"{desk.url}/edit/{now}?renamed" if path in desk.folder.texts else f"{desk.url}/media")


def _show(desk: Desk, path: str, name: str, problem: Phrase | str) -> str:
    folder = desk.folder
    files = [*folder.texts, *folder.media]
    if path not in files or not can_be_renamed(path):
        raise NotFound(Phrase("There is no file `%(file)s` in this course any more.", {"file": path}))
    group = together_with(files, path)
    return render_template(
        "studio/rename.html",
        desk=desk,
        path=path,
        name=name,
        problem=problem,
        is_lesson=LESSON_PATH.fullmatch(path) is not None,
        is_text=path in folder.texts,
        along=[each for each in group if each != path],
        links_in=links_to(folder.texts, group),
        seen=digest_of(desk.root / path),
        can_write=can_write((desk.root / path).parent),
    )
