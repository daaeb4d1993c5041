"""A course on the desk: its lessons in order, its other texts, its media."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.content.course import Course
from course.content.parse import LESSON_PATH, slug_in
from course.content.problems import Problem
from course.content.slugs import slug_of
from course.drafts.files import NEW, can_write, rename_all, save_text
from course.drafts.order import in_order, moved, next_number
from course.drafts.starter import lesson_text
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.staff.audit_log import log_deed
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.open_draft import open_desk, parse

pages = Blueprint("files", __name__, url_prefix="/courses/<slug>")


@dataclass(frozen=True, slots=True)
class TextLine:
    """A text in a list; `minutes` is 0 for what is no lesson."""

    path: str
    title: str
    minutes: int
    errors: int
    warnings: int


@pages.get("")
def course(slug: str) -> str:
    desk = open_desk(slug)
    parsed = parse(desk)
    lessons = in_order(list(desk.folder.texts))
    others = [path for path in desk.folder.texts if path not in lessons]
    return render_template(
        "studio/course.html",
        desk=desk,
        course=parsed.course,
        lessons=_lines(lessons, parsed.course, parsed.problems),
        others=_lines(others, parsed.course, parsed.problems),
        media=[(path, file.stat().st_size) for path, file in desk.folder.media.items()],
        elsewhere=[problem for problem in parsed.problems if problem.path not in desk.folder.texts],
        can_write=can_write(desk.root),
    )


@pages.post("/lessons")
def add_lesson(slug: str) -> Response:
    """Add a lesson at the end of the course; it can be moved from there."""
    desk, title = open_desk(slug), request.form.get("title", "").strip()
    name = slug_of(title)
    lessons = in_order(list(desk.folder.texts))
    if name in map(slug_in, lessons):
        raise Refused(Phrase("There is a lesson `%(name)s` already. Give yours another title.", {"name": name}))
    path = f"{next_number(lessons)}-{name}.md"
    save_text(desk.root, path, lesson_text(title), NEW)
    with current_runtime().db.write() as session:
        log_deed(session, doer(), "began a lesson", None, course=slug, file=path)
    return see_other(f"{desk.url}/edit/{path}")


@pages.post("/move")
def move(slug: str) -> Response:
    """`path` goes `up` or down by one place."""
    desk, path = open_desk(slug), request.form.get("path", "")
    lessons = in_order(list(desk.folder.texts))
    if path not in lessons:
        raise NotFound(Phrase("There is no lesson `%(file)s` in this course any more.", {"file": path}))
    renames = moved(lessons, path, -1 if request.form.get("to") == "up" else 1)
    if renames:
        rename_all(desk.root, renames)
        with current_runtime().db.write() as session:
            log_deed(session, doer(), "moved a lesson", None, course=slug, file=path)
    return see_other(f"{desk.url}#lessons")


def _lines(paths: Sequence[str], course: Course, problems: Sequence[Problem]) -> list[TextLine]:
    counted = Counter((problem.path, problem.level) for problem in problems)
    return [
        TextLine(
            path=path,
            title=_title(path, course),
            minutes=_minutes(path, course),
            errors=counted[(path, "error")],
            warnings=counted[(path, "warning")],
        )
        for path in paths
    ]


def _title(path: str, course: Course) -> str:
    kind, _, name = path.removesuffix(".md").rpartition("/")
    if found := LESSON_PATH.fullmatch(path):
        lesson = course.lesson(found[2])
        return lesson.title if lesson else ""
    if kind == "articles" and name in course.articles:
        return course.articles[name].title
    if kind == "mails" and name in course.wordings:
        return course.wordings[name].subject
    return course.title if path == "course.md" else ""


def _minutes(path: str, course: Course) -> int:
    found = LESSON_PATH.fullmatch(path)
    lesson = course.lesson(found[2]) if found else None
    return course.effort(lesson).minutes if lesson else 0
