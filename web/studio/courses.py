"""All courses at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from course.content.slugs import slug_of
from course.drafts.files import can_write
from course.drafts.folder import course_slugs
from course.drafts.starter import lay_out
from course.models import CourseRow
from course.staff.audit_log import log_deed
from web.language import words
from web.request import STUDIO_PATH, current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.writing.open_draft import open_desk, parse

pages = Blueprint("shelf", __name__)


@dataclass(frozen=True, slots=True)
class CourseLine:
    slug: str
    title: str
    language: str
    lessons: int
    minutes: int
    errors: int
    warnings: int
    published: str


@pages.get("")
def courses() -> str:
    with current_runtime().db.read() as session:
        published = dict(session.execute(select(CourseRow.slug, CourseRow.published_at)).all())
    lessons_dir = current_runtime().settings.lessons_dir
    lines = [_line(slug, published) for slug in course_slugs(lessons_dir)]
    return render_template("studio/courses.html", lines=lines, can_write=can_write(lessons_dir))


@pages.post("/courses")
def add_course() -> Response:
    """A folder with a page about the course and a first lesson, to write on."""
    title = request.form.get("title", "").strip()
    slug = slug_of(title)
    lay_out(current_runtime().settings.lessons_dir, slug, title)
    with current_runtime().db.write() as session:
        log_deed(session, doer(), "began a course", None, course=slug)
    return see_other(f"{STUDIO_PATH}/courses/{slug}")


def _line(slug: str, published: Mapping[str, datetime]) -> CourseLine:
    parsed = parse(open_desk(slug))
    course, errors = parsed.course, len(parsed.errors)
    return CourseLine(
        slug=slug,
        title=course.title,
        language=course.language,
        lessons=len(course.lessons),
        minutes=sum(course.effort(lesson).minutes for lesson in course.lessons),
        errors=errors,
        warnings=len(parsed.problems) - errors,
        published=words().full_date(published[slug].date()) if slug in published else "",
    )
