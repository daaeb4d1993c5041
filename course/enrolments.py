"""Find an enrolment, and set when the planning step looks at it again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.editions import Published
from course.errors import NotFound
from course.facts import gather
from course.models import Enrolment, Learner
from course.progress import Send, Wait, next_step


def newest(session: Session, learner_id: int, course_id: int) -> Enrolment | None:
    """The newest round of a learner in a course."""
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.round.desc())
        .limit(1)
    )


def find(session: Session, enrolment_id: int, *, lock: bool = False) -> tuple[Enrolment, Learner]:
    """Raises NotFound for an enrolment that is not there (any more)."""
    enrolment = session.get(Enrolment, enrolment_id, with_for_update=True if lock else None)
    if enrolment is None:
        raise NotFound("This link belongs to no course of ours any more.")
    return enrolment, session.get_one(Learner, enrolment.learner_id)


def replan(session: Session, enrolment: Enrolment, published: Published, now: datetime) -> None:
    """Sets the moment at which the planning step looks again."""
    step = next_step(gather(session, published, [enrolment])[enrolment.id], now)
    match step:
        case Send(at=at):
            enrolment.due_at = at
        case Wait(until=until):
            enrolment.due_at = until
        case _:
            enrolment.due_at = None
    session.flush()
