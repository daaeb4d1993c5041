"""How learners steer their course: settings, pause, resume, the next lesson now. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_many
from course.enrolment.enrolments import Participant, apply, replan
from course.enrolment.registration import read_hour, read_max_open, read_weekdays, read_zone
from course.errors import Errors, Invalid
from course.language.words import Phrase
from course.models import Delivery, Enrolment
from course.schedule.deliveries import planned
from course.schedule.facts import facts_of, rhythm_of
from course.schedule.forecast import after
from course.schedule.progress import PACES, UNDER_WAY, Facts, Send, asked
from course.schedule.rhythm import first_moment, local_date
from course.times import CourseTime, RealTime, Times

SAME_WISH = timedelta(minutes=1)
"""Asking for "the next one" again within this real time is the same wish, such as a button pressed twice."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a learner wants their lessons from now on, as they typed it. An empty `max_open` is no limit."""

    zone: str
    hour: str
    weekdays: Sequence[str]
    pace: str
    max_open: str = ""
    tracking: bool = False


def settle(session: Session, who: Participant, wish: Wish, now: CourseTime) -> None:
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
    enrolment.pace, enrolment.max_open, enrolment.tracking = wish.pace, limit, wish.tracking
    replan(session, who, now)


def pause(session: Session, who: Participant, days: int | None, now: CourseTime) -> None:
    """No lesson for that many days of the learner's calendar; None: until they resume."""
    enrolment = who.enrolment
    if enrolment.state not in UNDER_WAY:
        return
    enrolment.state = "paused"
    enrolment.paused_until = None if days is None else _morning_after(enrolment, days, now)
    replan(session, who, now)


def _morning_after(enrolment: Enrolment, days: int, now: CourseTime) -> datetime:
    return first_moment(rhythm_of(enrolment), local_date(now, enrolment.zone) + timedelta(days=days + 1))


def resume(session: Session, who: Participant, now: CourseTime) -> None:
    if who.enrolment.state != "paused":
        return
    who.enrolment.state, who.enrolment.paused_until = "active", None
    replan(session, who, now)


def send_next(session: Session, who: Participant, times: Times, lesson: str = "") -> bool:
    """Posts the next lesson, to go at once; False if none can be sent. A pause ends with it.

    `lesson` is the one the learner saw as the next: asked for again once it has been sent, it is not sent, nor
    is the one after it.
    """
    enrolment = who.enrolment
    facts = facts_of(session, who.published, enrolment)
    step = asked(facts, times.now)
    if not isinstance(step, Send) or _asked_before(session, enrolment, facts, lesson, times.real):
        return False
    insert_many(session, Delivery, [planned(session, enrolment, step, times)])
    if enrolment.state == "paused":
        enrolment.state, enrolment.paused_until = "active", None
        facts = facts_of(session, who.published, enrolment)
    apply(enrolment, after(facts, step, times.now), times.now)
    session.flush()
    return True


def _asked_before(session: Session, enrolment: Enrolment, facts: Facts, lesson: str, real: RealTime) -> bool:
    if lesson:
        return lesson in facts.posted
    recent = (
        Delivery.enrolment_id == enrolment.id,
        Delivery.reason == "asked",
        Delivery.retry_at > real - SAME_WISH,
    )
    return session.scalar(select(Delivery.id).where(*recent).limit(1)) is not None
