"""How learners steer their course: settings, pause, resume, the next lesson now. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.consent.acts import Act, Shown
from course.consent.record import Said, record
from course.consent.recorded import forget_recorded
from course.enrolment.enrolments import Participant, apply, replan
from course.enrolment.registration import read_hour, read_max_open, read_weekdays, read_zone
from course.errors import Errors, Invalid
from course.language.words import Phrase
from course.models import Delivery, Enrolment
from course.schedule.deliveries import planned
from course.schedule.facts import facts_of
from course.schedule.forecast import after, day_after_pause
from course.schedule.late import post, take_back_waiting
from course.schedule.progress import PACES, UNDER_WAY, Send, asked
from course.times import CourseTime, RealTime, Times

Asked = Literal["posted", "another", "none"]
"""What a wish for the next lesson came to; `another`: the one that was wished for is not the next (any more)."""

ON_THE_PAGE = Shown("settings page")
TRACKING_ACTS: Mapping[bool, Act] = {True: "given", False: "withdrawn"}

SAME_WISH = timedelta(minutes=1)
"""Asking for "the next one" again within this real time is the same wish, such as a button pressed twice."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a learner wants their lessons from now on, as they typed it. An empty `max_open` is no limit. `forget`:
    what was recorded of their opens and clicks is to go, once it is recorded no more."""

    zone: str
    hour: str
    weekdays: Sequence[str]
    pace: str
    max_open: str = ""
    tracking: bool = False
    forget: bool = False


def settle(session: Session, who: Participant, wish: Wish, now: CourseTime, shown: Shown = ON_THE_PAGE) -> None:
    """Takes new settings. Raises Invalid, changing nothing, if one of them cannot be."""
    errors: Errors = {}
    zone, hour = read_zone(wish.zone, errors), read_hour(wish.hour, errors)
    days, limit = read_weekdays(wish.weekdays, errors), read_max_open(wish.max_open, errors)
    if wish.pace not in PACES:
        errors["pace"] = Phrase("Please choose one of the two.")
    if errors:
        raise Invalid(errors)
    enrolment = who.enrolment
    enrolment.zone, enrolment.hour, enrolment.weekdays = zone, hour, days
    enrolment.pace, enrolment.max_open = wish.pace, limit
    if enrolment.tracking != wish.tracking:
        enrolment.tracking, act = wish.tracking, TRACKING_ACTS[wish.tracking]
        record(session, enrolment, Said("tracking", act, shown, who.published.course.language, now))
    if wish.forget and not wish.tracking:
        forget_recorded(session, enrolment)
    replan(session, who, now)


def pause(session: Session, who: Participant, wish: int | date | None, now: CourseTime) -> None:
    """No lesson for so many days, counted from the next day with one, or before a local date; None: until they
    resume."""
    enrolment = who.enrolment
    if enrolment.state not in UNDER_WAY:
        return
    if isinstance(wish, int):
        wish = day_after_pause(facts_of(session, who.published, enrolment), now, wish)
    enrolment.state, enrolment.resumes_on = "paused", wish
    take_back_waiting(session, enrolment)
    replan(session, who, now)


def resume(session: Session, who: Participant, now: CourseTime) -> None:
    if who.enrolment.state != "paused":
        return
    who.enrolment.state, who.enrolment.resumes_on = "active", None
    replan(session, who, now)


def send_next(session: Session, who: Participant, times: Times, lesson: str = "") -> Asked:
    """Posts the next lesson, to go at once, if one can be sent. A pause ends with it.

    `lesson` is the one the learner saw as the next: if it is not the next any more, nothing is sent.
    """
    enrolment = who.enrolment
    facts = facts_of(session, who.published, enrolment)
    step = asked(facts, times.now)
    if lesson and not (isinstance(step, Send) and step.lesson == lesson):
        return "another"
    if not isinstance(step, Send) or (not lesson and _asked_before(session, enrolment, times.real)):
        return "none"
    post(session, [planned(session, enrolment, step, times)])
    if enrolment.state == "paused":
        enrolment.state, enrolment.resumes_on = "active", None
        facts = facts_of(session, who.published, enrolment)
    apply(enrolment, after(facts._replace(acted_at=times.now), step, times.now), times.now)
    session.flush()
    return "posted"


def _asked_before(session: Session, enrolment: Enrolment, real: RealTime) -> bool:
    recent = (
        Delivery.enrolment_id == enrolment.id,
        Delivery.reason == "asked",
        Delivery.retry_at > real - SAME_WISH,
    )
    return session.scalar(select(Delivery.id).where(*recent).limit(1)) is not None
