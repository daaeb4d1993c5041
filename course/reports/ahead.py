"""What would go out, and to whom, were sending to go on now."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from course.models import CourseRow, Delivery, Enrolment, Learner
from course.times import CourseTime

DUE = "due"
"""In place of a kind: they are to be looked at, and get the next lesson or a reminder unless something is in
the way."""


class Ahead(NamedTuple):
    """Mails of one `kind` (or learners who are due one) in one state, of a course; `whom` names the first few."""

    course: str
    kind: str
    state: str
    mails: int
    whom: Sequence[str]


def ahead(session: Session, now: CourseTime, named: int = 3) -> list[Ahead]:
    """What waits, what is under way or in doubt, and who is due something; so many addresses of each."""
    address = func.coalesce(Delivery.email, Learner.email)
    found = []
    for state in ("queued", "sending", "uncertain"):
        groups = session.execute(
            select(CourseRow.slug, Delivery.course_id, Delivery.kind, func.count())
            .join(CourseRow, CourseRow.id == Delivery.course_id)
            .where(Delivery.state == state)
            .group_by(CourseRow.slug, Delivery.course_id, Delivery.kind)
            .order_by(CourseRow.slug, Delivery.kind)
        ).all()
        for slug, course_id, kind, count in groups:
            whom = (
                select(address)
                .select_from(Delivery)
                .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
                .join(Learner, Learner.id == Enrolment.learner_id)
                .where(Delivery.state == state, Delivery.course_id == course_id, Delivery.kind == kind)
                .order_by(Delivery.due_at, address)
            )
            found.append(Ahead(slug, kind, state, count, _first(session, whom, named)))
    return found + _due(session, now, named)


def _due(session: Session, now: CourseTime, named: int) -> list[Ahead]:
    groups = session.execute(
        select(CourseRow.slug, CourseRow.id, func.count())
        .join(Enrolment, Enrolment.course_id == CourseRow.id)
        .where(Enrolment.due_at <= now)
        .group_by(CourseRow.slug, CourseRow.id)
        .order_by(CourseRow.slug)
    ).all()
    found = []
    for slug, course_id, count in groups:
        whom = (
            select(Learner.email)
            .join(Enrolment, Enrolment.learner_id == Learner.id)
            .where(Enrolment.course_id == course_id, Enrolment.due_at <= now)
            .order_by(Enrolment.due_at, Learner.email)
        )
        found.append(Ahead(slug, DUE, DUE, count, _first(session, whom, named)))
    return found


def _first(session: Session, whom: Select[str], named: int) -> Sequence[str]:
    return session.scalars(whom.limit(named)).all()
