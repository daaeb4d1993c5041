"""The learner's course page."""

from flask import Blueprint, render_template, request

from course.enrolment.registration import MOST_OPEN, zones
from course.schedule.reasons import days_taken
from web.language import hours, words
from web.learner.view.course_values import CoursePage, Form
from web.learner.view.course_view import course_page
from web.learner.view.flash import read_flash
from web.request import current_runtime, open_link

pages = Blueprint("learn", __name__, url_prefix="/learn/<token>")


@pages.get("")
def my_course(token: str) -> str:
    with current_runtime().db.read() as session:
        page = course_page(session, open_link(session, token), current_runtime().clock.now())
    return show_course(page, Form())


def show_course(page: CoursePage, form: Form) -> str:
    """The course page, with a form as it was typed and what is wrong with it."""
    return render_template(
        "learner/course.html",
        page=page,
        zones=zones(),
        hours=hours(),
        weekday_names=words().weekdays,
        days_taken=days_taken(page.weekdays, words()),
        most_open=MOST_OPEN,
        flash=read_flash(request.args, page),
        form=form,
    )
