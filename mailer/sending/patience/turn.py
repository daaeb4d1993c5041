"""Whose turn it is: the mails of an enrolment go in their order, however many workers there are.

A mail waits while an earlier one is still to go. Earlier is what leads into the course, then whatever was due
before. Nothing waits for ever, since each mail that is waited for goes, is given up, or is waited for no more:
one in doubt after `DOUBT_COUNTS`, and one whose batch is set aside, which no worker can send for a while.

Answers to somebody at a screen wait for nothing, and are waited for until they were tried once: who has read the
second confirmation need not wait until the first has gone. Mails to another address than the learner's own, which
may be nobody's, have no order. Two courses of one learner keep their order each: a mail that one course cannot
get through stops no other.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from course.content.mails import AWAITED_MAILS, FIRST_MAILS
from course.models import Delivery
from course.set_aside import left_alone
from course.times import RealTime

DOUBT_COUNTS = timedelta(hours=1)
"""So long a mail in doubt is one that may still go: most doubts are settled by then, and most such mails came."""

LOOK_AGAIN = timedelta(seconds=0.5)
LOOK_AGAIN_AT_LATEST = timedelta(minutes=1)
"""Who waits for a mail that waits itself is not looked at before it, but each minute: it may be cancelled."""

Earlier = aliased(Delivery, name="earlier")


def _rank(mail: type[Delivery]) -> ColumnElement[int]:
    return case((mail.kind.in_(FIRST_MAILS), 0), else_=1)


FIRST_THE_EARLIEST = (func.min(_rank(Delivery)), func.min(Delivery.due_at))
"""The order of batches: by it few mails meet an earlier one that is still to go."""


def waits_for(real: RealTime) -> ScalarSelect[datetime]:
    """When the last of the earlier mails that are still to go is tried; NULL: it is this delivery's turn.

    To be selected, not filtered by: so it is looked up by the enrolment, whatever the database thinks of its
    tables. The states are one list for the same reason: as alternatives they would be looked for in their indexes.
    """
    in_order = and_(Delivery.kind.not_in(AWAITED_MAILS), Delivery.email.is_(None), Earlier.email.is_(None))
    before = or_(
        _rank(Earlier) < _rank(Delivery),
        and_(_rank(Earlier) == _rank(Delivery), Earlier.due_at < Delivery.due_at),
    )
    return (
        select(func.max(Earlier.retry_at))
        .where(
            Earlier.enrolment_id == Delivery.enrolment_id,
            Earlier.state.in_(("queued", "sending", "uncertain")),
            or_(Earlier.state != "uncertain", Earlier.uncertain_at > real - DOUBT_COUNTS),
            or_(Earlier.kind.not_in(AWAITED_MAILS), and_(Earlier.state != "uncertain", Earlier.refusals == 0)),
            in_order,
            before,
            not_(left_alone("batch", Earlier.batch, real)),
        )
        .correlate(Delivery)
        .scalar_subquery()
    )


def look_again_at(last_try: datetime, real: RealTime) -> datetime:
    """When a mail is looked at again that waits for one whose next try is at `last_try`. Real time."""
    return max(real + LOOK_AGAIN, min(last_try, real + LOOK_AGAIN_AT_LATEST))
