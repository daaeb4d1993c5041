"""Which rows of each kind are past their time, by the moment before which they were last needed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_

from course.models import (
    AddressChange,
    Asked,
    Base,
    Deed,
    Delivery,
    Enrolment,
    Event,
    Learner,
    LeftAlone,
    Probe,
    SignIn,
    SignUp,
    StudioSession,
)
from course.times import Times

LOOKED_BACK = timedelta(days=60)
"""What providers told is looked for so far back from its time, not through all the years."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The rows of one kind: their table, and the condition of being past a moment.

    The moment is in course time for what learners live by, and real otherwise.
    """

    table: type[Base]
    past: Callable[[datetime], ColumnElement[bool]]
    by_course_time: bool = False

    def before(self, days: int, times: Times) -> datetime:
        """Return the moment from before which rows go."""
        return (times.now if self.by_course_time else times.real) - timedelta(days=days)


def _unconfirmed(before: datetime) -> ColumnElement[bool]:
    return and_(Learner.created_at < before, ~_has_confirmed(), ~_in_touch_since(before))


def _done_with(before: datetime) -> ColumnElement[bool]:
    """Learners who have finished or left all they began, and did nothing since."""
    under_way = Enrolment.state.not_in(("finished", "left", "restarted"))
    none_under_way = ~exists().where(Enrolment.learner_id == Learner.id, under_way)
    return and_(_has_confirmed(), none_under_way, ~_in_touch_since(before))


def _has_confirmed() -> ColumnElement[bool]:
    return exists().where(Enrolment.learner_id == Learner.id, Enrolment.confirmed_at.is_not(None))


def _in_touch_since(before: datetime) -> ColumnElement[bool]:
    moments = (
        Enrolment.created_at,
        Enrolment.confirmed_at,
        Enrolment.finished_at,
        Enrolment.left_at,
        Enrolment.replanned_at,
    )
    did = exists().where(Enrolment.learner_id == Learner.id, or_(*(moment >= before for moment in moments)))
    # Whoever asked again has a mail by now whose link has to open.
    theirs = Enrolment.learner_id == Learner.id, Delivery.enrolment_id == Enrolment.id
    return or_(did, exists().where(*theirs, Delivery.due_at >= before))


def _told_at_length(before: datetime) -> ColumnElement[bool]:
    lately = Event.received_at.between(before - LOOKED_BACK, before)
    return and_(Event.attempt_id.is_not(None), lately, func.length(cast(Event.raw, Text)) > len("{}"))


MATTERS: Mapping[str, Matter] = {
    "unconfirmed": Matter(Learner, _unconfirmed, by_course_time=True),
    "learners": Matter(Learner, _done_with, by_course_time=True),
    "events": Matter(Event, lambda before: Event.received_at < before),
    "agents": Matter(Event, _told_at_length),
    "changes": Matter(AddressChange, lambda before: AddressChange.asked_at < before, by_course_time=True),
    "sign-ins": Matter(SignIn, lambda before: SignIn.asked_at < before),
    "sessions": Matter(StudioSession, lambda before: StudioSession.seen_at < before),
    "probes": Matter(Probe, lambda before: Probe.began_at < before),
    "deeds": Matter(Deed, lambda before: Deed.at < before),
    "asked": Matter(Asked, lambda before: Asked.asked_at < before, by_course_time=True),
    "counted": Matter(SignUp, lambda before: SignUp.taken_at < before),
    "left-alone": Matter(LeftAlone, lambda before: LeftAlone.since_on < before.date(), by_course_time=True),
}
