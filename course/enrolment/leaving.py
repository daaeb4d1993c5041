"""Leave a course and come back to it. Nothing here commits: the caller does."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from course.enrolment.enrolments import find_enrolment, replan
from course.models import Delivery, Enrolment, Learner
from course.publishing.editions import Published
from course.schedule.rhythm import local_date


def leave(session: Session, enrolment_id: int, now: datetime) -> None:
    """No mail whose claim begins after this commit. Leaving twice is leaving once."""
    enrolment, _ = find_enrolment(session, enrolment_id, lock=True)
    if enrolment.state == "left":
        return
    enrolment.state = "left"
    enrolment.left_at = now
    enrolment.due_at = None
    session.flush()


def come_back(session: Session, enrolment: Enrolment, published: Published, now: datetime, real: datetime) -> None:
    """Undoes leaving: the plan goes on where it stopped, also with a lesson that leaving held back."""
    if enrolment.state != "left":
        return
    enrolment.state = _state_after_return(enrolment)
    enrolment.left_at = None
    enrolment.paused_until = None
    _revive(session, enrolment, now, real)
    replan(session, enrolment, published, now)


def _state_after_return(enrolment: Enrolment) -> str:
    if enrolment.finished_at is not None:
        return "finished"
    return "active" if enrolment.confirmed_at is not None else "pending"


def go_on(session: Session, learner: Learner, now: datetime, real: datetime) -> None:
    """Their address takes mail: each of their courses is looked at, and a lesson that was stopped is sent."""
    active = select(Enrolment).where(Enrolment.learner_id == learner.id, Enrolment.state == "active")
    for enrolment in session.scalars(active):
        _revive(session, enrolment, now, real)
        enrolment.due_at = now


def _revive(session: Session, enrolment: Enrolment, now: datetime, real: datetime) -> None:
    """Queues the lesson that was stopped on its way, if there is one: it was never taken."""
    session.execute(
        update(Delivery)
        .where(
            Delivery.enrolment_id == enrolment.id,
            Delivery.kind == "lesson",
            Delivery.state.in_(("cancelled", "failed")),
        )
        .values(state="queued", retry_at=real, due_at=now, local_on=local_date(now, enrolment.zone))
    )
