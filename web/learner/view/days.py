"""The days of a learner's course: which have come, and when and why the others do."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from course.content.course import Lesson
from course.content.typesetting.lines import line_for, with_lines
from course.learning.completion import completions, reads_stopped
from course.schedule.forecast import Forecast, day_after_pause, forecast, lessons_to_come
from course.schedule.progress import Facts, Nudge, Posted, Wait
from course.schedule.reasons import because, waiting_for
from course.schedule.rhythm import local_date
from course.times import CourseTime
from web.language import words
from web.learner.view.course_values import Day, DayState, PauseOffer
from web.request import Opened

PAUSES = (1, 3, 7)

WhenAndWhy = Mapping[str, tuple[str, str]]
"""When each lesson still to come is planned, and why then, in words; no date where only a deed brings it."""


def days_of(
    session: Session, opened: Opened, facts: Facts, ticks: Mapping[str, set[str]], now: CourseTime
) -> tuple[Day, ...]:
    """`facts` are the enrolment's, and `ticks` its ticked items by lesson."""
    coming = forecast(facts, now)
    told = _told(facts, coming)
    due = {send.lesson for send in coming.sends if send.at <= now}
    done = completions(session, opened.enrolment)
    stopped_too = reads_stopped(opened.enrolment)
    came = {slug: p for slug, p in facts.posted.items() if p.came_at or not p.failed or stopped_too}
    course = with_lines(opened.course, line_for(opened.learner.name, opened.course.language))
    days = []
    for number, lesson in enumerate(course.lessons, 1):
        when, why = told[lesson.slug] if lesson.slug not in came else ("", "")
        state = _state(lesson.slug, done, came)
        days.append(
            Day(
                day=number,
                slug=lesson.slug,
                title=lesson.title,
                preheader=lesson.preheader,
                minutes=course.effort(lesson).minutes,
                state=state,
                when=when_said(_came_at(came.get(lesson.slug)), opened.enrolment.zone) or when,
                why=why,
                ticked=_known_ticks(lesson, ticks.get(lesson.slug, set())),
                items=len(lesson.items),
                url=f"{opened.url}/{lesson.slug}",
                under_way=state == "on-its-way" or (state == "planned" and lesson.slug in due),
            )
        )
    return tuple(days)


def _came_at(posted: Posted | None) -> datetime | None:
    return posted.came_at if posted else None


def _told(facts: Facts, coming: Forecast) -> WhenAndWhy:
    told = {slug: ("", waiting_for(coming.then, facts, words())) for slug in facts.lessons}
    if isinstance(coming.then, Nudge | Wait) and coming.then.why == "incomplete":
        for before, slug in enumerate(facts.lessons[1:], 1):
            told[slug] = ("", words().gettext("it comes as soon as you mark day %(day)s complete", day=before))
    for send in coming.sends:
        told[send.lesson] = (when_said(send.at, facts.rhythm.zone), because(send.why, facts.rhythm, words()))
    return told


def _state(slug: str, done: Mapping[str, datetime], came: Mapping[str, Posted]) -> DayState:
    if slug in done:
        return "done"
    if slug not in came:
        return "planned"
    if came[slug].came_at is not None:
        return "open"
    return "undelivered" if came[slug].failed else "on-its-way"


def pause_offers(facts: Facts, now: CourseTime) -> tuple[PauseOffer, ...]:
    """The pauses to choose from, each with what follows it."""
    offers = []
    for days in PAUSES:
        paused = facts._replace(state="paused", resumes_on=day_after_pause(facts, now, days))
        first = next(iter(lessons_to_come(paused, now)), None)
        comes = words().day(local_date(first.at, facts.rhythm.zone)) if first else ""
        offers.append(PauseOffer(days, comes))
    return tuple(offers)


def when_said(moment: datetime | None, zone: str) -> str:
    """Empty for none."""
    return words().moment(moment, zone) if moment else ""


def _known_ticks(lesson: Lesson, keys: set[str]) -> int:
    return sum(item.key in keys for item in lesson.items)
