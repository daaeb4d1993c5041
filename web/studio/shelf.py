"""All courses at a glance."""

from flask import Blueprint, render_template

from course.library import course_slugs
from web.here import runtime

pages = Blueprint("shelf", __name__)


@pages.get("")
def courses() -> str:
    return render_template("studio/courses.html", slugs=course_slugs(runtime().settings.lessons_dir))
