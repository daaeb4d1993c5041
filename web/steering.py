"""The learner's deeds that steer the plan: settings, pause, resume."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from course import steering
from course.errors import Invalid
from course.registration import read_pause
from course.schedule import local_date
from web.here import open_link, runtime, see_other
from web.learn import show_course
from web.present import course_page
from web.shown import EnrolForm

pages = Blueprint("steering", __name__, url_prefix="/learn/<token>")


@pages.post("/settings")
def settings(token: str) -> Response | tuple[str, int]:
    house = runtime()
    fields = request.form
    with house.db.write() as session:
        opened = open_link(session, token, lock=True)
        zone = fields.get("zone", opened.enrolment.zone)
        hour = fields.get("hour", str(opened.enrolment.hour))
        weekdays = fields.getlist("weekdays") if "weekdays" in fields else list(opened.enrolment.weekdays)
        wish = steering.Wish(zone, hour, tuple(weekdays), fields.get("pace", opened.enrolment.pace))
        try:
            steering.settle(session, opened.enrolment, opened.published, house.clock.now(), wish)
        except Invalid as problem:
            page = course_page(session, opened, house.clock.now())
            values = {"zone": zone[:100], "hour": hour[:10], "weekdays": "".join(weekdays)[:100]}
            return show_course(page, EnrolForm(values, problem.errors)), 422
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
            return show_course(course_page(session, opened, now), EnrolForm({}, problem.errors)), 422
        steering.pause(session, opened.enrolment, opened.published, now, days)
    return see_other(f"{opened.url}?saved")


@pages.post("/resume")
def resume(token: str) -> Response:
    with runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        steering.resume(session, opened.enrolment, opened.published, runtime().clock.now())
    return see_other(f"{opened.url}?saved")
