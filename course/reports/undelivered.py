"""Lessons whose mail failed, and that learners have not had otherwise: their courses stand still.

A learner to whom a lesson was given up counts as unreachable, until it came to them all the same. Nothing is lost:
they may open it, have it mailed again or give another address, and an operator can send it again.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased

from course.bulk import among
from course.models import Completion, Delivery, Enrolment, Learner, Suppression, Visit
from course.schedule.posted import NEVER_CAME
from course.schedule.progress import UNDER_WAY


class Reason(NamedTuple):
    """Why lessons failed, as it was written down, and how many stand still for it."""

    why: str
    lessons: int


class Undelivered(NamedTuple):
    """How many lessons can be sent again, since their learners could not be reached, and how many went to an
    address that is closed."""

    unreachable: int
    closed: int


def undelivered(session: Session) -> Undelivered:
    """Of all courses."""
    closed = exists().where(Suppression.email == Learner.email)
    counts = dict(session.execute(_standing_still(closed, func.count()).group_by(closed)).all())
    return Undelivered(counts.get(False, 0), counts.get(True, 0))


def unreachable(session: Session, enrolments: Collection[int]) -> set[int]:
    """Return those of these enrolments to whom a lesson was given up that can be sent again."""
    closed = exists().where(Suppression.email == Learner.email)
    found = _standing_still(Delivery.enrolment_id).where(among(session, Delivery.enrolment_id, list(enrolments)))
    return set(session.scalars(found.where(~closed)))


def reasons(session: Session, course_id: int) -> Sequence[Reason]:
    """Why lessons of a course failed that can be sent again, the most frequent reason first."""
    found = _mailable(course_id, Delivery.why, func.count()).group_by(Delivery.why)
    rows = session.execute(found.order_by(func.count().desc(), Delivery.why))
    return [Reason(*row) for row in rows]


def failed_for(session: Session, course_id: int, words: str) -> Sequence[tuple[int, str]]:
    """The enrolment and the lesson of each that can be sent again, and whose reason contains these words."""
    found = _mailable(course_id, Delivery.enrolment_id, Delivery.slug)
    rows = session.execute(
        found.where(Delivery.why.contains(words, autoescape=True)).order_by(Delivery.enrolment_id)
    )
    return [(enrolment, slug) for enrolment, slug in rows]


def _mailable(course_id: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    closed = exists().where(Suppression.email == Learner.email)
    return _standing_still(*columns).where(Delivery.course_id == course_id, ~closed)


def _standing_still(*columns: Any) -> Select[*tuple[Any, ...]]:
    """The lessons, each with these columns. Found by the small index of what failed."""
    copy = aliased(Delivery)
    same = (copy.enrolment_id == Delivery.enrolment_id, copy.kind == "again", copy.slug == Delivery.slug)
    had = [
        exists().where(copy.state.not_in(NEVER_CAME), *same),
        *(
            exists().where(table.enrolment_id == Delivery.enrolment_id, table.lesson == Delivery.slug)
            for table in (Visit, Completion)
        ),
    ]
    return (
        select(*columns)
        .select_from(Delivery)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Delivery.state == "failed", Delivery.kind == "lesson", Enrolment.state.in_(UNDER_WAY))
        .where(*(~way for way in had))
    )
