"""Lessons and reminders that could not leave within their grace: they wait for the learner's next moment.

Such a mail is `postponed`: it counts as not posted, so that the plan has it again, and its row remembers what was
tried. Once its new moment has come it is posted anew, in the same row.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from course.bulk import among, insert_many, update_many
from course.content.mails import DATED_MAILS
from course.locks import lock_deliveries
from course.models import Delivery, Enrolment
from course.schedule.look_again import look_again
from course.set_aside import forget
from course.times import CourseTime, Times

AT_ONCE = "asked"
"""The reason of a lesson that its learner wanted now: it goes whatever the hour."""

PLANNED_ANEW = ("state", "batch", "edition_id", "reason", "due_at", "local_on", "retry_at")


def is_late(now: CourseTime, grace: timedelta) -> ColumnElement[bool]:
    """Whether a mail that waits may not go any more, since its moment is over."""
    dated = and_(Delivery.kind.in_(DATED_MAILS), Delivery.reason != AT_ONCE)
    return and_(Delivery.state == "queued", dated, Delivery.due_at < now - grace)


def postpone(session: Session, batch: str, times: Times, grace: timedelta) -> None:
    """Take the late mails of this batch back, and have their enrolments looked at.

    What another process has locked is passed over: it is dealt with there, or found again.
    """
    late = and_(Delivery.batch == batch, is_late(times.now, grace))
    of_late = select(Delivery.enrolment_id).where(late)
    enrolments = session.scalars(
        select(Enrolment.id).where(Enrolment.id.in_(of_late)).with_for_update(skip_locked=True, key_share=True)
    ).all()
    theirs = and_(late, among(session, Delivery.enrolment_id, enrolments))
    mails = session.execute(
        select(Delivery.id, Delivery.enrolment_id).where(theirs).with_for_update(skip_locked=True)
    ).all()
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, [mail.id for mail in mails]))
        .values(state="postponed")
        .execution_options(synchronize_session=False)
    )
    looked_at = sorted({mail.enrolment_id for mail in mails})
    look_again(session, among(session, Enrolment.id, looked_at), times.now)
    forget(session, "batch", [batch], since=times.real)


def take_back_waiting(session: Session, enrolment: Enrolment, kinds: Sequence[str] = DATED_MAILS) -> bool:
    """Take back what waits to be sent, after a deed by which it may not come now: the plan has it again. Whether
    there was anything."""
    waiting = and_(Delivery.enrolment_id == enrolment.id, Delivery.state == "queued", Delivery.kind.in_(kinds))
    mails = lock_deliveries(session, waiting)
    session.execute(update(Delivery).where(Delivery.id.in_(mails)).values(state="postponed"))
    return bool(mails)


def post(session: Session, mails: Sequence[Mapping[str, Any]]) -> None:
    """Insert lessons and reminders, as `planned` makes them; one that was postponed goes out in its own row."""
    if not mails:
        return
    postponed = session.execute(
        select(Delivery.id, Delivery.enrolment_id, Delivery.occasion).where(
            among(session, Delivery.enrolment_id, sorted({mail["enrolment_id"] for mail in mails})),
            Delivery.state == "postponed",
        )
    ).all()
    known = {(enrolment_id, occasion): delivery for delivery, enrolment_id, occasion in postponed}
    anew = [
        {"id": known[key], **{column: mail[column] for column in PLANNED_ANEW}}
        for mail in mails
        if (key := (mail["enrolment_id"], mail["occasion"])) in known
    ]
    update_many(session, Delivery, anew)
    insert_many(session, Delivery, [m for m in mails if (m["enrolment_id"], m["occasion"]) not in known])
