"""All courses at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy import select

from course.library import course_slugs
from course.models import CourseRow
from course.words import date_in_words
from web.here import runtime
from web.studio.desk import open_desk, parse

pages = Blueprint("shelf", __name__)


@dataclass(frozen=True, slots=True)
class CourseLine:
    slug: str
    title: str
    lessons: int
    minutes: int
    errors: int
    warnings: int
    published: str


@pages.get("")
def courses() -> str:
    with runtime().db.read() as session:
        published = dict(session.execute(select(CourseRow.slug, CourseRow.published_at)).all())
    slugs = course_slugs(runtime().settings.lessons_dir)
    return render_template("studio/courses.html", lines=[_line(slug, published) for slug in slugs])


def _line(slug: str, published: Mapping[str, datetime]) -> CourseLine:
    parsed = parse(open_desk(slug))
    course, errors = parsed.course, len(parsed.errors)
    return CourseLine(
        slug=slug,
        title=course.title,
        lessons=len(course.lessons),
        minutes=sum(course.effort(lesson).minutes for lesson in course.lessons),
        errors=errors,
        warnings=len(parsed.problems) - errors,
        published=date_in_words(published[slug].date()) if slug in published else "",
    )
