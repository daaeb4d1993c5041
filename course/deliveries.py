"""New deliveries: one row for each occasion, whatever happens twice."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.models import Delivery, Enrolment
from course.schedule import local_date
from course.tokens import new_id

MailKind = str


def add(session: Session, enrolment: Enrolment, kind: MailKind, now: datetime, real: datetime) -> str:
    """A mail that is due at once; returns its batch, to be hurried along after the commit.

    Its occasion counts upwards (`confirm:1`, `confirm:2`): asking twice is two occasions.
    """
    earlier = session.scalar(
        select(func.count()).where(Delivery.enrolment_id == enrolment.id, Delivery.kind == kind)
    )
    delivery = Delivery(
        id=new_id(),
        enrolment_id=enrolment.id,
        occasion=f"{kind}:{(earlier or 0) + 1}",
        kind=kind,
        slug="",
        course_id=enrolment.course_id,
        edition_id=enrolment.edition_id,
        batch=new_id(),
        state="queued",
        due_at=now,
        local_on=local_date(now, enrolment.zone),
        retry_at=real,
    )
    session.add(delivery)
    session.flush()
    return delivery.batch


def sent_so_far(session: Session, enrolment: Enrolment, kind: MailKind) -> tuple[int, datetime | None]:
    """How many mails of this kind there were, and when the newest became due."""
    count, newest = session.execute(
        select(func.count(), func.max(Delivery.due_at)).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == kind
        )
    ).one()
    return count, newest
