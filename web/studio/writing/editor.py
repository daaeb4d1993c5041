"""Writing: a file of the draft with its findings, saved whole or not at all."""

from difflib import unified_diff

from flask import Blueprint, abort, jsonify, render_template, request
from werkzeug.wrappers import Response

from course.drafts.files import Conflict, ReadOnly, TextFile, can_write, open_text, save_text
from course.drafts.folder import MAX_TEXT_BYTES
from course.drafts.line_ends import to_newlines
from course.drafts.naming import can_be_renamed
from course.errors import Refused
from course.language.words import Phrase
from course.staff.audit_log import log_deed
from mailer.preview.draft_view import unseen
from web.language import words
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.diffs import diff_lines
from web.studio.writing.mail_views import VIEWS, framed
from web.studio.writing.open_draft import Desk, open_desk, view_of

pages = Blueprint("editor", __name__, url_prefix="/courses/<slug>")


@pages.get("/edit/<path:path>")
def edit(slug: str, path: str) -> str:
    desk = open_desk(slug)
    return _show(desk, open_text(desk.root, path), "")


@pages.post("/edit/<path:path>")
def save(slug: str, path: str) -> Response | tuple[str, int]:
    desk = open_desk(slug)
    text, opened = request.form.get("text", ""), request.form.get("opened", "")
    try:
        saved = save_text(desk.root, path, text, opened)
    except Conflict as conflict:
        return _show_conflict(desk, conflict, to_newlines(text)), 409
    except Refused as problem:
        return _show(
            desk, TextFile(path, to_newlines(text), opened), problem.message, isinstance(problem, ReadOnly)
        ), 422
    if saved.digest != opened:
        with current_runtime().db.write() as session:
            log_deed(session, doer(), "saved a file", None, course=slug, file=path)
    return see_other(f"{desk.url}/edit/{path}?saved")


@pages.post("/draft/<path:path>")
def draft(slug: str, path: str) -> Response:
    """Show what a text that is being written would be; stores nothing."""
    text = to_newlines(request.form.get("text", ""))
    if len(text) > MAX_TEXT_BYTES:
        abort(413)
    desk = open_desk(slug).with_text(path, text)
    seen = view_of(desk, path)
    view = request.form.get("view", "desktop")
    return jsonify(
        findings=render_template("studio/findings.html", findings=seen.findings),
        measure=render_template("studio/measure.html", look=seen),
        html=framed(seen, view),
        text=seen.mail.text if seen.mail else "",
    )


def _show(desk: Desk, file: TextFile, problem: Phrase | str, read_only: bool = False) -> str:
    # What was refused may be too long to be looked at; the text is what matters then.
    seen = unseen() if problem else view_of(desk.with_text(file.path, file.text), file.path)
    return render_template(
        "studio/editor.html",
        desk=desk,
        file=file,
        look=seen,
        problem=problem,
        read_only=read_only or not can_write((desk.root / file.path).parent),
        saved="saved" in request.args and not problem,
        renamed="renamed" in request.args and not problem,
        can_be_renamed=can_be_renamed(file.path),
        views=VIEWS,
    )


def _show_conflict(desk: Desk, conflict: Conflict, mine: str) -> str:
    theirs = conflict.theirs
    names = words().gettext("theirs"), words().gettext("yours")
    lines = unified_diff(theirs.text.split("\n"), mine.split("\n"), *names, lineterm="")
    return render_template(
        "studio/conflict.html",
        desk=desk,
        theirs=theirs,
        mine=mine,
        diff=diff_lines("\n".join(lines)),
    )
