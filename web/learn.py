"""The learner's course page."""

from flask import Blueprint, render_template, request

from course.registration import zones
from course.words import WEEKDAYS
from web.here import open_link, runtime
from web.landing import HOURS
from web.present import course_page
from web.shown import CoursePage, EnrolForm

pages = Blueprint("learn", __name__, url_prefix="/learn/<token>")


@pages.get("")
def my_course(token: str) -> str:
    with runtime().db.read() as session:
        page = course_page(session, open_link(session, token), runtime().clock.now())
    return show_course(page, EnrolForm({}, {}))


def show_course(page: CoursePage, form: EnrolForm) -> str:
    """The course page, with a form as it was typed and what is wrong with it."""
    return render_template(
        "learn.html",
        page=page,
        zones=zones(),
        hours=HOURS,
        weekday_names=WEEKDAYS,
        saved="saved" in request.args,
        form=form,
    )
