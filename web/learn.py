"""The learner's course page and its settings."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course import enrolments
from course.errors import Invalid
from course.registration import read_pause, zones
from course.schedule import local_date
from course.words import WEEKDAYS
from web.here import open_link, runtime, see_other
from web.landing import HOURS
from web.present import course_page
from web.shown import CoursePage, EnrolForm

pages = Blueprint("learn", __name__, url_prefix="/learn/<token>")


@pages.get("")
def my_course(token: str) -> str:
    with runtime().db.read() as session:
        page = course_page(session, open_link(session, token), runtime().clock.now())
    return _show_course(page, EnrolForm({}, {}))


def _show_course(page: CoursePage, form: EnrolForm) -> str:
    return render_template(
        "learn.html",
        page=page,
        zones=zones(),
        hours=HOURS,
        weekday_names=WEEKDAYS,
        saved="saved" in request.args,
        form=form,
    )


@pages.post("/settings")
def settings(token: str) -> Response | tuple[str, int]:
    house = runtime()
    fields = request.form
    with house.db.write() as session:
        opened = open_link(session, token, lock=True)
        zone = fields.get("zone", opened.enrolment.zone)
        hour = fields.get("hour", str(opened.enrolment.hour))
        weekdays = fields.getlist("weekdays") if "weekdays" in fields else list(opened.enrolment.weekdays)
        wish = enrolments.Wish(zone, hour, tuple(weekdays), fields.get("pace", opened.enrolment.pace))
        try:
            enrolments.settle(session, opened.enrolment, opened.published, house.clock.now(), wish)
        except Invalid as problem:
            page = course_page(session, opened, house.clock.now())
            values = {"zone": zone[:100], "hour": hour[:10], "weekdays": "".join(weekdays)[:100]}
            return _show_course(page, EnrolForm(values, problem.errors)), 422
    return see_other(f"{opened.url}?saved")


@pages.post("/pause")
def pause(token: str) -> Response | tuple[str, int]:
    now = runtime().clock.now()
    with runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        today = local_date(now, opened.enrolment.zone)
        try:
            days = read_pause(request.form.get("days", ""), request.form.get("until", ""), today)
        except Invalid as problem:
            return _show_course(course_page(session, opened, now), EnrolForm({}, problem.errors)), 422
        enrolments.pause(session, opened.enrolment, opened.published, now, days)
    return see_other(f"{opened.url}?saved")


@pages.post("/resume")
def resume(token: str) -> Response:
    with runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        enrolments.resume(session, opened.enrolment, opened.published, runtime().clock.now())
    return see_other(f"{opened.url}?saved")
