"""The whole draft on a virtual clock: what would be sent when, and why, as a calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from course.content.course import Course
from course.content.mails import MAILS
from course.enrolment.registration import read_hour, read_zone, zones
from course.errors import Errors
from course.language.words import Phrase
from mailer.preview.rehearsal import Cue, Trainee, cues
from web.language import hours, words
from web.request import current_runtime
from web.studio.writing.open_draft import open_desk, parse

pages = Blueprint("calendar", __name__, url_prefix="/courses/<slug>")


@dataclass(frozen=True, slots=True)
class PlannedMail:
    time: str
    title: str | Phrase
    why: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    name: str
    mails: tuple[PlannedMail, ...]


@pages.get("/calendar")
def calendar(slug: str) -> str:
    desk = open_desk(slug)
    errors: Errors = {}
    course = parse(desk).course
    zone = read_zone(request.args.get("zone", ""), errors)
    hour = read_hour(request.args.get("hour", "8"), errors)
    begin = _day(request.args.get("from", ""), errors)
    planned = cues(course, Trainee(1, zone, hour, begin), words()) if not errors and course.lessons else ()
    return render_template(
        "studio/calendar.html",
        desk=desk,
        days=_days(planned, course, zone),
        zone=zone,
        zones=zones(),
        hour=hour,
        hours=hours(),
        begin=begin.isoformat(),
        errors=errors,
    )


def _day(text: str, errors: Errors) -> date:
    today = current_runtime().clock.now().date()
    try:
        day = date.fromisoformat(text) if text else today
    except ValueError:
        day = date.min
    if not 1970 <= day.year <= 2100:
        errors["from"] = Phrase("Give the day as in 2026-03-26.")
        return today
    return day


def _days(planned: Sequence[Cue], course: Course, zone: str) -> list[CalendarDay]:
    """Whole weeks, from the Monday before the first mail to the Sunday after the last."""
    local = [(cue.at.astimezone(ZoneInfo(zone)), cue) for cue in planned]
    if not local:
        return []
    first, last = local[0][0].date(), local[-1][0].date()
    monday = first - timedelta(days=first.weekday())
    length = (last - monday).days // 7 * 7 + 7
    dates = [monday + timedelta(days=number) for number in range(length)]
    return [
        CalendarDay(words().day(day), tuple(_mail(at, cue, course) for at, cue in local if at.date() == day))
        for day in dates
    ]


def _mail(at: datetime, cue: Cue, course: Course) -> PlannedMail:
    lesson = course.lesson(cue.lesson)
    day = course.day_of(cue.lesson) if lesson else 0
    named = words().gettext("Day %(day)s: %(title)s", day=day, title=lesson.title) if lesson else ""
    title = named or MAILS[cue.kind].label
    return PlannedMail(f"{at.hour}:{at.minute:02}", title, cue.why)
