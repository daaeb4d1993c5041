"""Learners of a course as an operator looks them up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from course.models import Completion, Delivery, Edition, Enrolment, Learner, Visit
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


Did = Literal["due", "arrived", "visited", "completed", "stopped", "bounced", "uncertain", "failed"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Learners of a course: with `typed` in their name or address, and, where a `lesson` is named, those who `did`
    this with it, or whose mail of it stands so."""

    course_id: int
    typed: str = ""
    lesson: str = ""
    did: Did | None = None


def roster(session: Session, wanted: Wanted, limit: int) -> Sequence[RosterLine]:
    """The newest enrolments first."""
    rows = session.execute(_matching(_lines(), wanted).order_by(Enrolment.id.desc()).limit(limit))
    lines = [RosterLine(*row) for row in rows]
    waiting = unreachable(session, [line.enrolment_id for line in lines])
    return [replace(line, unreachable=line.enrolment_id in waiting) for line in lines]


def count(session: Session, wanted: Wanted) -> int:
    counted = select(func.count()).select_from(Enrolment).join(Learner, Learner.id == Enrolment.learner_id)
    return session.scalar(_matching(counted, wanted)) or 0


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


def _matching(found: Select[Any], wanted: Wanted) -> Select[Any]:
    found = found.where(Enrolment.course_id == wanted.course_id)
    if typed := wanted.typed:
        named = Learner.name.icontains(typed, autoescape=True)
        found = found.where(or_(Learner.email.icontains(typed, autoescape=True), named))
    if wanted.did is not None:
        found = found.where(
            Enrolment.counted, Enrolment.confirmed_at.is_not(None), _did(wanted.lesson, wanted.did)
        )
    return found


def _did(lesson: str, did: Did) -> ColumnElement[bool]:
    mail = exists().where(
        Delivery.enrolment_id == Enrolment.id, Delivery.kind == "lesson", Delivery.slug == lesson
    )
    visited = exists().where(Visit.enrolment_id == Enrolment.id, Visit.lesson == lesson)
    completed = exists().where(Completion.enrolment_id == Enrolment.id, Completion.lesson == lesson)
    match did:
        case "due":
            return mail
        case "arrived":
            return mail.where(Delivery.state == "accepted", func.coalesce(Delivery.fate, "") != "bounced")
        case "bounced":
            return mail.where(Delivery.fate == did)
        case "uncertain" | "failed":
            return mail.where(Delivery.state == did)
        case "visited":
            return visited
        case "completed":
            return completed
        case "stopped":
            return visited & ~completed
