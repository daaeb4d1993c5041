"""Learners of a course as an operator looks them up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from course.models import Completion, Delivery, Edition, Enrolment, Learner
from course.reports.undelivered import unreachable


@dataclass(frozen=True, slots=True)
class RosterLine:
    """`unreachable`: a lesson was given up, and the course stands still at it."""

    enrolment_id: int
    email: str
    name: str
    state: str
    edition: int
    had: int
    completed: int
    counted: bool
    unreachable: bool = False


def roster(session: Session, course_id: int, typed: str, limit: int) -> Sequence[RosterLine]:
    """The newest enrolments first; `typed` is part of a name or an address."""
    rows = session.execute(_matching(_lines(), course_id, typed).order_by(Enrolment.id.desc()).limit(limit))
    lines = [RosterLine(*row) for row in rows]
    waiting = unreachable(session, [line.enrolment_id for line in lines])
    return [replace(line, unreachable=line.enrolment_id in waiting) for line in lines]


def count(session: Session, course_id: int, typed: str) -> int:
    wanted = select(func.count()).select_from(Enrolment).join(Learner, Learner.id == Enrolment.learner_id)
    return session.scalar(_matching(wanted, course_id, typed)) or 0


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


def _matching(wanted: Select[Any], course_id: int, typed: str) -> Select[Any]:
    wanted = wanted.where(Enrolment.course_id == course_id)
    if not typed:
        return wanted
    return wanted.where(
        or_(Learner.email.icontains(typed, autoescape=True), Learner.name.icontains(typed, autoescape=True))
    )
