"""The learner's course page."""

from flask import Blueprint, render_template, request

from course.registration import MOST_OPEN, zones
from course.words import WEEKDAYS
from web.flash import read_flash
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
        most_open=MOST_OPEN,
        may_track=runtime().settings.tracking != "off",
        flash=read_flash(request.args, page),
        form=form,
    )
