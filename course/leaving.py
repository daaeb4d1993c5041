"""Leave a course and come back to it. Nothing here commits: the caller does."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from course.editions import Published
from course.enrolments import find, replan
from course.models import Delivery, Enrolment
from course.schedule import local_date


def leave(session: Session, enrolment_id: int, now: datetime) -> None:
    """No mail whose claim begins after this commit. Leaving twice is leaving once."""
    enrolment, _ = find(session, enrolment_id, lock=True)
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
    revive(session, enrolment, now, real)
    replan(session, enrolment, published, now)


def _state_after_return(enrolment: Enrolment) -> str:
    if enrolment.finished_at is not None:
        return "finished"
    return "active" if enrolment.confirmed_at is not None else "pending"


def revive(session: Session, enrolment: Enrolment, now: datetime, real: datetime) -> None:
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
