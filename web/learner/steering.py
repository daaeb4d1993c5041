"""The learner's deeds that steer the plan: settings, pause, resume, the next lesson now, begin again."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from course.consent.acts import COUNT_OPENS, Shown
from course.enrolment import steering
from course.enrolment.registration import read_pause, read_tracking
from course.enrolment.restart import begin_again
from course.enrolment.steering import Wish
from course.errors import Invalid
from course.schedule.rhythm import local_date
from web.language import words
from web.learner.course_page import show_course
from web.learner.view.course_values import Form, shown_again
from web.learner.view.course_view import course_page
from web.learner.view.flash import What, settings_of, told_by
from web.request import Opened, current_runtime, may_track, open_link, see_other

pages = Blueprint("steering", __name__, url_prefix="/learn/<token>")


@pages.post("/settings")
def settings(token: str) -> Response | tuple[str, int]:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        before, wish = settings_of(opened.enrolment), _wish(opened)
        try:
            shown = Shown("settings page", {"tracking": words().of(COUNT_OPENS)})
            steering.settle(session, opened, wish, runtime.clock.now(), shown)
        except Invalid as problem:
            page = course_page(session, opened, runtime.clock.now())
            return show_course(page, Form(_typed(wish), problem.errors)), 422
    return _shown(opened, "settings", before)


def _wish(opened: Opened) -> Wish:
    """The fields of the form; what it does not hold stays as it is."""
    fields, before = request.form, settings_of(opened.enrolment)
    tracking = fields.getlist("tracking") if "tracking" in fields else [before["tracking"]]
    return Wish(
        zone=fields.get("zone", before["zone"]),
        hour=fields.get("hour", before["hour"]),
        weekdays=fields.getlist("weekdays") if "weekdays" in fields else list(before["weekdays"]),
        pace=fields.get("pace", before["pace"]),
        max_open=fields.get("max_open", before["max_open"]),
        tracking=may_track(opened.published) and read_tracking(tracking),
        forget=read_tracking(fields.getlist("forget")),
    )


def _typed(wish: Wish) -> dict[str, str]:
    typed = {"zone": wish.zone, "hour": wish.hour, "weekdays": "".join(wish.weekdays), "max_open": wish.max_open}
    return {field: shown_again(text) for field, text in typed.items()}


@pages.post("/pause")
def pause(token: str) -> Response | tuple[str, int]:
    now = current_runtime().clock.now()
    with current_runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        today = local_date(now, opened.enrolment.zone)
        try:
            wish = read_pause(request.form.get("days", ""), request.form.get("until", ""), today)
        except Invalid as problem:
            return show_course(course_page(session, opened, now), Form({}, problem.errors)), 422
        steering.pause(session, opened, wish, now)
        paused = opened.enrolment.state == "paused"
    return _shown(opened, "paused" if paused else "unpausable")


@pages.post("/resume")
def resume(token: str) -> Response:
    with current_runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        steering.resume(session, opened, current_runtime().clock.now())
    return _shown(opened, "resumed")


@pages.post("/next")
def send_next(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        paused = opened.enrolment.state == "paused"
        lesson = request.form.get("lesson", "")
        asked = steering.send_next(session, opened, runtime.clock.times(), lesson)
    if asked == "posted":
        return _shown(opened, "next-resumed" if paused else "next")
    return _shown(opened, "nothing" if asked == "none" else "not-the-next")


@pages.post("/restart")
def restart(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        fresh = begin_again(session, opened, runtime.clock.now())
        begun = fresh is not opened.enrolment
        token = runtime.signer.learn(fresh.id, fresh.generation)
    return see_other(told_by(f"/learn/{token}", "restarted" if begun else "at-the-beginning"))


def _shown(opened: Opened, what: What, before: dict[str, str] | None = None) -> Response:
    return see_other(told_by(opened.url, what, before))
