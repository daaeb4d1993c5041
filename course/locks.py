"""The one order in which rows are locked, so that no two transactions wait for each other crosswise.

Learners, all enrolments of theirs, deliveries, each by id; then all that hangs on them. Who needs a row of an
earlier kind locks it before the first of a later kind. What is locked with `SKIP LOCKED` waits for nobody, and so
may begin anywhere. `docs/architecture.md` has the whole order.
"""

from collections.abc import Collection, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.bulk import among
from course.models import CourseRow, Delivery, Enrolment, Learner

T = TypeVar("T")


def in_turn(
    rows: Select[T], by: InstrumentedAttribute[int] | InstrumentedAttribute[str], *, to_remove: bool = False
) -> Select[T]:
    """The rows locked one after the other, as they are once they are locked.

    Meanwhile others may add rows that refer to them, unless they are locked `to_remove` them.
    """
    locked = rows.order_by(by).with_for_update(key_share=not to_remove)
    return locked.execution_options(populate_existing=True)


def lock_learners(session: Session, ids: Collection[int], *, to_remove: bool = False) -> Sequence[Learner]:
    """Locks learners, then all of their enrolments; the learners that are there (still), by id.

    Their courses are kept from being renamed in: who writes an enrolment twice asks for its course once more
    (PostgreSQL then checks the reference), and a rename may by then wait for that writer's deliveries.
    """
    learners = session.scalars(
        in_turn(select(Learner).where(Learner.id.in_(ids)), Learner.id, to_remove=to_remove)
    ).all()
    of_theirs = select(Enrolment).where(Enrolment.learner_id.in_([learner.id for learner in learners]))
    enrolments = session.scalars(in_turn(of_theirs, Enrolment.id, to_remove=to_remove)).all()
    courses = {enrolment.course_id for enrolment in enrolments}
    shared = select(CourseRow.id).where(CourseRow.id.in_(courses)).order_by(CourseRow.id)
    session.execute(shared.with_for_update(read=True, key_share=True))
    return learners


def lock_learners_of(session: Session, deliveries: Sequence[str]) -> None:
    """Locks those whom these mails are for, with all of their enrolments."""
    if not deliveries:
        return
    theirs = (
        select(Enrolment.learner_id)
        .join(Delivery, Delivery.enrolment_id == Enrolment.id)
        .where(among(session, Delivery.id, deliveries))
    )
    lock_learners(session, set(session.scalars(theirs)))


def lock_deliveries(session: Session, which: ColumnElement[bool], *, to_remove: bool = False) -> Sequence[str]:
    """Locks deliveries; their ids, in order."""
    return session.scalars(in_turn(select(Delivery.id).where(which), Delivery.id, to_remove=to_remove)).all()
