"""How learners steer their course: settings, pause, resume, the next lesson now. The caller commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_many
from course.enrolment.enrolments import apply, replan
from course.enrolment.registration import read_hour, read_max_open, read_weekdays, read_zone
from course.errors import Errors, Invalid
from course.ids import new_id
from course.language.words import Phrase
from course.models import Delivery, Enrolment
from course.publishing.editions import Published
from course.schedule.deliveries import planned
from course.schedule.facts import facts_of, rhythm_of
from course.schedule.forecast import after
from course.schedule.progress import PACES, UNDER_WAY, Facts, Send, asked
from course.schedule.rhythm import first_moment, local_date

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


def settle(session: Session, enrolment: Enrolment, published: Published, now: datetime, wish: Wish) -> None:
    """Takes new settings. Raises Invalid, changing nothing, if one of them cannot be."""
    errors: Errors = {}
    zone, hour = read_zone(wish.zone, errors), read_hour(wish.hour, errors)
    days, limit = read_weekdays(wish.weekdays, errors), read_max_open(wish.max_open, errors)
    if wish.pace not in PACES:
        errors["pace"] = Phrase("Please choose one of the two.")
    if errors:
        raise Invalid(errors)
    enrolment.zone, enrolment.hour, enrolment.weekdays = zone, hour, days
    enrolment.pace, enrolment.max_open, enrolment.tracking = wish.pace, limit, wish.tracking
    replan(session, enrolment, published, now)


def pause(session: Session, enrolment: Enrolment, published: Published, now: datetime, days: int | None) -> None:
    """No lesson for that many days of the learner's calendar; None: until they resume."""
    if enrolment.state not in UNDER_WAY:
        return
    enrolment.state = "paused"
    enrolment.paused_until = None if days is None else _morning_after(enrolment, now, days)
    replan(session, enrolment, published, now)


def _morning_after(enrolment: Enrolment, now: datetime, days: int) -> datetime:
    return first_moment(rhythm_of(enrolment), local_date(now, enrolment.zone) + timedelta(days=days + 1))


def resume(session: Session, enrolment: Enrolment, published: Published, now: datetime) -> None:
    if enrolment.state != "paused":
        return
    enrolment.state = "active"
    enrolment.paused_until = None
    replan(session, enrolment, published, now)


def send_next(
    session: Session, enrolment: Enrolment, published: Published, now: datetime, real: datetime, lesson: str = ""
) -> list[str]:
    """The next lesson at once; its batch, or nothing if none can be sent. A pause ends with it.

    `lesson` is the one the learner saw as the next: asked for again once it has been sent, it is not sent, nor
    is the one after it.
    """
    facts = facts_of(session, published, enrolment)
    step = asked(facts, now)
    if not isinstance(step, Send) or _asked_before(session, enrolment, facts, real, lesson):
        return []
    batch = new_id()
    insert_many(session, Delivery, [planned(enrolment, step, batch, now, real)])
    if enrolment.state == "paused":
        enrolment.state, enrolment.paused_until = "active", None
        facts = facts_of(session, published, enrolment)
    apply(enrolment, after(facts, step, now), now)
    session.flush()
    return [batch]


def _asked_before(session: Session, enrolment: Enrolment, facts: Facts, real: datetime, lesson: str) -> bool:
    if lesson:
        return lesson in facts.posted
    recent = (
        Delivery.enrolment_id == enrolment.id,
        Delivery.reason == "asked",
        Delivery.retry_at > real - SAME_WISH,
    )
    return session.scalar(select(Delivery.id).where(*recent).limit(1)) is not None
