"""What was recorded of a learner's opens and clicks: whether it may be, and taking it back. The caller commits."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from course.models import Delivery, Enrolment, Event

HITS = ("opened", "clicked")


def may_record(session: Session, enrolment_id: int) -> bool:
    """Whether opens and clicks of a mail to this enrolment are recorded now, however old the mail is.

    What a learner says in a new round of the course holds for the mails of earlier ones too.
    """
    newest = aliased(Enrolment)
    tracking = session.scalar(
        select(newest.tracking)
        .join(Enrolment, (Enrolment.learner_id == newest.learner_id) & (Enrolment.course_id == newest.course_id))
        .where(Enrolment.id == enrolment_id)
        .order_by(newest.round.desc())
        .limit(1)
    )
    return bool(tracking)


def forget_recorded(session: Session, enrolment: Enrolment) -> None:
    """Removes the opens and clicks of all rounds of a learner in this course. What they did on its pages stays."""
    rounds = select(Enrolment.id).where(
        Enrolment.learner_id == enrolment.learner_id, Enrolment.course_id == enrolment.course_id
    )
    mails = select(Delivery.id).where(Delivery.enrolment_id.in_(rounds))
    session.execute(delete(Event).where(Event.delivery_id.in_(mails), Event.kind.in_(HITS)))
