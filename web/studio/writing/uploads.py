"""Media of the draft: shown, and uploaded with all that belongs to them."""

from pathlib import PurePosixPath

from flask import Blueprint, render_template, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from course.drafts.files import can_write
from course.drafts.media_files import look_at
from course.drafts.uploads import keep_uploads, name_of
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.media.durations import spelt
from course.media.kinds import MEDIA_TYPES, role_of
from course.media.paths import find
from course.staff.audit_log import log_deed
from web.media_files import media_answer
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.open_draft import Desk, open_desk

pages = Blueprint("uploads", __name__, url_prefix="/courses/<slug>/media")


@pages.get("/<path:name>")
def show(slug: str, name: str) -> Response:
    """A media file of the draft, for those who work on it."""
    media = open_desk(slug).folder.media
    path = find(f"media/{name}", media)
    if path is None:
        raise NotFound(Phrase("There is no such file in this course."))
    answer = media_answer(media[path], path)
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer


@pages.get("")
def form(slug: str) -> str:
    return _show(open_desk(slug), request.args.get("kept", ""), "")


@pages.post("")
def take(slug: str) -> Response | tuple[str, int]:
    desk = open_desk(slug)
    try:
        kept = _keep_all(desk, request.form.get("replace") == "1")
    except Refused as problem:
        return _show(desk, "", problem.message), 422
    with current_runtime().db.write() as session:
        log_deed(session, doer(), "uploaded media", None, course=slug, files=kept)
    return see_other(f"{desk.url}/media?kept={kept[0].removeprefix('media/')}")


def _keep_all(desk: Desk, replace: bool) -> list[str]:
    """The file, and for a film its captions and poster under the same name."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Refused(Phrase("Choose a file first."))
    name = name_of(given.filename)
    files = {name: given.stream, **{other: file.stream for other, file in _companions(name)}}
    return keep_uploads(desk.root, files, replace=replace)


def _companions(name: str) -> list[tuple[str, FileStorage]]:
    stem = PurePosixPath(name).stem
    given = [(ending, request.files.get(field)) for field, ending in (("captions", "vtt"), ("poster", "jpg"))]
    return [
        (f"{stem}.{ending}", file)
        for ending, file in given
        if file is not None and file.filename and role_of(name) == "film"
    ]


def _show(desk: Desk, kept: str, problem: Phrase | str) -> str:
    path = f"media/{kept}"
    stem, role = path.rpartition(".")[0], role_of(path)
    needed = (f"{stem}.vtt", f"{stem}.jpg") if role == "film" else ()
    return render_template(
        "studio/media.html",
        desk=desk,
        kept=path if path in desk.folder.media else "",
        role=role,
        duration=_duration(desk, path) if role in ("film", "sound") else "",
        endings=",".join(MEDIA_TYPES),
        missing=[path for path in needed if path not in desk.folder.media],
        media=[(path, file.stat().st_size) for path, file in desk.folder.media.items()],
        problem=problem,
        can_write=can_write(desk.root),
    )


def _duration(desk: Desk, path: str) -> str:
    """As a lesson states it; a guess to correct where the film does not say."""
    seconds = look_at(desk.folder.media[path]).seconds if path in desk.folder.media else None
    return spelt(round(seconds or 0))
