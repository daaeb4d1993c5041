"""The end of an outage: whom nobody answered, they need not wait on once somebody answers again."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Delivery
from course.times import RealTime

AT_ONCE = 1000
"""So many waits end with each answer that is recorded: a server that has just come back is not overrun."""


def end_waits(session: Session, real: RealTime) -> None:
    """Let mails go now whose server could not be reached, and has refused nothing.

    To be called once a mail was taken. What somebody else has locked just now waits for the next time.
    """
    waiting = (
        select(Delivery.id)
        .where(Delivery.state == "queued", Delivery.refusals > 0, Delivery.refused_since.is_(None))
        .where(Delivery.retry_at > real)
        .order_by(Delivery.retry_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    if ids := session.scalars(waiting).all():
        session.execute(
            update(Delivery)
            .where(among(session, Delivery.id, ids))
            .values(retry_at=real)
            .execution_options(synchronize_session=False)
        )
