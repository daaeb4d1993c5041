"""How learners steer their course: settings, pause, resume. Nothing here commits: the caller does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from course.editions import Published
from course.enrolments import replan
from course.errors import Invalid
from course.facts import rhythm_of
from course.models import Enrolment
from course.progress import PACES
from course.registration import read_hour, read_weekdays, read_zone
from course.schedule import first_moment, local_date


@dataclass(frozen=True, slots=True)
class Wish:
    """How a learner wants their lessons from now on, as they typed it."""

    zone: str
    hour: str
    weekdays: Sequence[str]
    pace: str


def settle(session: Session, enrolment: Enrolment, published: Published, now: datetime, wish: Wish) -> None:
    """Takes new settings. Raises Invalid, changing nothing, if one of them cannot be."""
    errors: dict[str, str] = {}
    zone, hour = read_zone(wish.zone, errors), read_hour(wish.hour, errors)
    days = read_weekdays(wish.weekdays, errors)
    if wish.pace not in PACES:
        errors["pace"] = "Please choose one of the two."
    if errors:
        raise Invalid(errors)
    enrolment.zone, enrolment.hour, enrolment.weekdays, enrolment.pace = zone, hour, days, wish.pace
    replan(session, enrolment, published, now)


def pause(session: Session, enrolment: Enrolment, published: Published, now: datetime, days: int | None) -> None:
    """No lesson for that many days of the learner's calendar; None: until they resume."""
    if enrolment.state not in ("active", "paused"):
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
