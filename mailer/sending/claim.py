"""Claiming a batch: rows become ours, with an attempt each, before any provider hears of them.

Set-based: three statements for a thousand rows. An attempt's id is the claim's nonce and the first half of the
delivery's own random id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parseaddr
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import ColumnElement, Row, Select, and_, func, insert, literal, not_, or_, select, update
from sqlalchemy.orm import Session

from course.bulk import among, update_many
from course.content.mails import DATED_MAILS, MAILS_TO_WHO_LEFT, mail_kind
from course.models import Attempt, CertificateRow, Delivery, Enrolment, Learner, Suppression
from course.publishing.editions import Published
from course.schedule.late import is_late
from course.schedule.rhythm import local_date
from course.times import CourseTime, RealTime, Times
from mailer import time_limits
from mailer.compose.letters import Claimed
from mailer.sending.patience.hold import allowed, begin_trial
from mailer.sending.patience.slow_domains import put_off
from mailer.sending.patience.turn import look_again_at, waits_for

ADDRESS = func.coalesce(Delivery.email, Learner.email)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims, and when: `owner` is `<node>:<nonce of 16 hex digits>`."""

    owner: str
    at: Times

    @property
    def nonce(self) -> str:
        return self.owner.rpartition(":")[2]


def claim(session: Session, batch: str, by: Claim, published: Published, sender: str) -> list[Claimed]:
    """The queued letters of a batch that may go now; those of people who left or may not be mailed are cancelled,
    and those before whom another of their learner is still to go wait a little.

    Nothing while sending is on hold, but for a trial. `sender` gives the Message-ID its domain. Does not commit.
    """
    most = allowed(session, by.at.real)
    if most == 0:
        return []
    ready = _ready(batch, by, published.grace)
    if most is not None:
        # Of a trial, whoever may go; first who was not in the last one.
        ready = ready.order_by(waits_for(by.at.real).is_not(None), Delivery.retry_at).limit(most)
    rows = session.execute(ready).all()
    _cancel(session, [row.delivery for row in rows if row.barred])
    _wait(session, [row for row in rows if not row.barred and row.waits_for], by.at.real)
    ours = [row for row in rows if not row.barred and not row.waits_for]
    waiting = put_off(session, {row.delivery: row.email for row in ours}, by.at.real)
    ours = [row for row in ours if row.delivery not in waiting]
    if not ours:
        return []
    # A batch says one thing: all its letters are of one kind and lesson.
    revision = published.revision_of(ours[0].kind, ours[0].slug)
    domain = parseaddr(sender)[1].rpartition("@")[2]
    _date(session, ours, by.at.now)
    _take(session, [row.delivery for row in ours], by, revision, domain)
    if most is not None:
        begin_trial(session, by.owner, by.at.real)
    return [_claimed(row, by, revision, domain) for row in ours]


def may_go(times: Times) -> ColumnElement[bool]:
    """Which deliveries. A lesson that was planned while the clock was ahead waits for its day to come again."""
    in_time = or_(Delivery.kind.not_in(DATED_MAILS), Delivery.due_at <= times.now)
    return and_(Delivery.state == "queued", Delivery.retry_at <= times.real, in_time)


def _ready(batch: str, by: Claim, grace: timedelta) -> Select[*tuple[Any, ...]]:
    """What may go, first with all that its letter needs, in the order of Claimed's fields.

    Rows that another worker is claiming are passed over.
    """
    return (
        select(
            Delivery.id.label("delivery"),
            Delivery.kind,
            Delivery.slug,
            Delivery.edition_id,
            Delivery.revision_id,
            Delivery.message_id,
            Delivery.dated_at,
            Enrolment.id.label("enrolment"),
            Enrolment.generation,
            Enrolment.tracking,
            Enrolment.zone,
            Enrolment.next_at,
            ADDRESS.label("email"),
            Learner.name,
            CertificateRow.serial,
            and_(
                Delivery.kind.not_in(MAILS_TO_WHO_LEFT),
                Enrolment.state.in_(("left", "restarted")) | Suppression.email.is_not(None),
            ).label("barred"),
            Delivery.local_on,
            waits_for(by.at.real).label("waits_for"),
        )
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(Suppression, Suppression.email == ADDRESS)
        .outerjoin(CertificateRow, CertificateRow.enrolment_id == Enrolment.id)
        .where(Delivery.batch == batch, may_go(by.at), not_(is_late(by.at.now, grace)))
        .with_for_update(skip_locked=True, of=Delivery)
    )


def _claimed(row: Row[*tuple[Any, ...]], by: Claim, revision: int, domain: str) -> Claimed:
    """What an earlier claim of the same delivery has frozen stays."""
    delivery, kind, slug, edition, frozen_revision, message_id, dated_at, *learner, serial, _, _, _ = row
    fresh = (frozen_revision or revision, message_id or f"<{delivery}@{domain}>", dated_at or by.at.now)
    attempt = by.nonce + delivery[:16]
    return Claimed._make((delivery, attempt, mail_kind(kind), slug, edition, *fresh, *learner, serial or ""))


def _cancel(session: Session, deliveries: Sequence[str]) -> None:
    if deliveries:
        session.execute(
            update(Delivery)
            .where(among(session, Delivery.id, deliveries))
            .values(state="cancelled", why="the learner has left, or the address may not be mailed")
            .execution_options(synchronize_session=False)
        )


def _wait(session: Session, early: Sequence[Row[*tuple[Any, ...]]], real: RealTime) -> None:
    waiting = [{"id": row.delivery, "retry_at": look_again_at(row.waits_for, real)} for row in early]
    update_many(session, Delivery, waiting)


def _date(session: Session, ours: Sequence[Row[*tuple[Any, ...]]], now: CourseTime) -> None:
    """The day of a lesson is the one it sets out on, should it be later than planned: it is not known yet whether
    that day's acceptance will be heard of, nor what the clock will show then."""
    days = ((row.delivery, row.local_on, _today(now, row.zone)) for row in ours)
    late = [{"id": delivery, "local_on": today} for delivery, planned, today in days if today and today > planned]
    update_many(session, Delivery, late)


def _today(now: CourseTime, zone: str) -> date | None:
    """None in a zone that does not exist (any more): the letter then stays dated as it was planned."""
    try:
        return local_date(now, zone)
    except (ValueError, ZoneInfoNotFoundError):
        return None


def _take(session: Session, deliveries: Sequence[str], by: Claim, revision: int, domain: str) -> None:
    """Writes what `_claimed` says, but in the database's own words: only ids travel."""
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, deliveries))
        .values(
            state="sending",
            owner=by.owner,
            lease_until=by.at.real + timedelta(seconds=time_limits.LEASE),
            answered_at=None,
            attempt_id=literal(by.nonce) + func.substr(Delivery.id, 1, 16),
            revision_id=func.coalesce(Delivery.revision_id, revision),
            message_id=func.coalesce(Delivery.message_id, "<" + Delivery.id + f"@{domain}>"),
            dated_at=func.coalesce(Delivery.dated_at, by.at.now),
        )
        .execution_options(synchronize_session=False)
    )
    began_at = literal(by.at.real, Attempt.began_at.type)
    ours = and_(Delivery.owner == by.owner, Delivery.state == "sending")
    session.execute(
        insert(Attempt).from_select(
            ["id", "delivery_id", "began_at", "why"],
            select(Delivery.attempt_id, Delivery.id, began_at, literal("")).where(ours),
        )
    )
