"""Learners of a course as an operator looks them up: a list to search, and one learner's mails."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from course.editions import Published
from course.enrolments import find
from course.errors import NotFound
from course.facts import gather
from course.forecast import forecast
from course.models import Completion, Delivery, Edition, Enrolment, Learner
from course.reasons import because, waiting_for
from course.words import moment_in_words


@dataclass(frozen=True, slots=True)
class RosterLine:
    enrolment_id: int
    email: str
    name: str
    state: str
    edition: int
    had: int
    completed: int
    counted: bool


@dataclass(frozen=True, slots=True)
class SentMail:
    """`what` became of it: its state, or the fate that was heard of, with the reason where there is one."""

    kind: str
    lesson: str
    when: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class PlannedMail:
    lesson: str
    when: str
    because: str


@dataclass(frozen=True, slots=True)
class Story:
    """`then` is what stands after the last planned mail."""

    enrolment: Enrolment
    learner: Learner
    sent: tuple[SentMail, ...]
    planned: tuple[PlannedMail, ...]
    then: str


def roster(session: Session, course_id: int, words: str, limit: int) -> Sequence[RosterLine]:
    """The newest enrolments first; `words` are part of a name or an address."""
    rows = session.execute(_matching(_lines(), course_id, words).order_by(Enrolment.id.desc()).limit(limit))
    return [RosterLine(*row) for row in rows]


def count(session: Session, course_id: int, words: str) -> int:
    wanted = select(func.count()).select_from(Enrolment).join(Learner, Learner.id == Enrolment.learner_id)
    return session.scalar(_matching(wanted, course_id, words)) or 0


def story(session: Session, published: Published, enrolment_id: int, now: datetime) -> Story:
    """Raises NotFound."""
    enrolment, learner = find(session, enrolment_id)
    if enrolment.course_id != published.id:
        raise NotFound("This learner is not in this course.")
    facts = gather(session, published, [enrolment])[enrolment.id]
    coming = forecast(facts, now)
    deliveries = session.scalars(
        select(Delivery).where(Delivery.enrolment_id == enrolment.id).order_by(Delivery.due_at, Delivery.id)
    )
    return Story(
        enrolment=enrolment,
        learner=learner,
        sent=tuple(_sent(delivery, enrolment.zone) for delivery in deliveries),
        planned=tuple(
            PlannedMail(send.lesson, moment_in_words(send.at, enrolment.zone), because(send.why, facts.rhythm))
            for send in coming.sends
        ),
        then=waiting_for(coming.then, facts),
    )


def _sent(delivery: Delivery, zone: str) -> SentMail:
    when = moment_in_words(delivery.accepted_at or delivery.due_at, zone)
    return SentMail(delivery.kind, delivery.slug, when, delivery.fate or delivery.state, delivery.why)


def _lines() -> Select[tuple[int, str, str, str, int, int, int, bool]]:
    had = select(func.count()).where(Delivery.enrolment_id == Enrolment.id, Delivery.kind == "lesson")
    completed = select(func.count()).where(Completion.enrolment_id == Enrolment.id)
    return (
        select(
            Enrolment.id,
            Learner.email,
            Learner.name,
            Enrolment.state,
            Edition.number,
            had.correlate(Enrolment).scalar_subquery(),
            completed.correlate(Enrolment).scalar_subquery(),
            Enrolment.counted,
        )
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(Edition, Edition.id == Enrolment.edition_id)
    )


def _matching(wanted: Select[Any], course_id: int, words: str) -> Select[Any]:
    wanted = wanted.where(Enrolment.course_id == course_id)
    if not words:
        return wanted
    return wanted.where(
        or_(Learner.email.icontains(words, autoescape=True), Learner.name.icontains(words, autoescape=True))
    )
