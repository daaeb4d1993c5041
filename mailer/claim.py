"""Claiming a batch: rows become ours, with an attempt each, before any provider hears of them.

Set-based: a few statements for a thousand rows. An attempt's id is the claim's nonce and the first half of the
delivery's own random id, so that the database can make it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from course.editions import Published
from course.models import Attempt, CertificateRow, Delivery, Enrolment, Hold, Learner, Suppression
from mailer.compose import MailKind, mail_kind

LEASE = timedelta(seconds=90)
"""Real time, longer than any provider is waited for. It is renewed as answers come."""

INVITED = ("confirm",)
"""Mails that a person has just asked for on our page: they also reach who has left."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send, with what its letter needs."""

    delivery: str
    attempt: str
    kind: MailKind
    slug: str
    edition_id: int
    revision_id: int
    message_id: str
    dated_at: datetime
    enrolment: int
    generation: int
    tracking: bool
    zone: str
    next_at: datetime | None
    email: str
    name: str
    serial: str


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims, and when: `owner` is `<node>:<nonce of 16 hex digits>`; `now` is course time."""

    owner: str
    now: datetime
    real: datetime

    @property
    def nonce(self) -> str:
        return self.owner.rpartition(":")[2]


def claim(session: Session, batch: str, by: Claim, published: Published, sender: str) -> list[Claimed]:
    """The queued letters of a batch that may go now; those of people who left or may not be mailed are cancelled.

    Nothing while sending is on hold. `sender` gives the Message-ID its domain. Does not commit.
    """
    if session.scalar(select(Hold.id)) is not None:
        return []
    ready = and_(Delivery.batch == batch, Delivery.state == "queued", Delivery.retry_at <= by.real)
    first = session.execute(select(Delivery.kind, Delivery.slug).where(ready).limit(1)).first()
    if first is None:
        return []
    session.execute(
        update(Delivery)
        .where(ready, Delivery.kind.not_in(INVITED), _may_not_be_mailed())
        .values(state="cancelled", why="the learner has left, or the address may not be mailed")
        .execution_options(synchronize_session=False)
    )
    domain = parseaddr(sender)[1].rpartition("@")[2]
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(select(Delivery.id).where(ready).with_for_update(skip_locked=True)))
        .values(
            state="sending",
            owner=by.owner,
            lease_until=by.real + LEASE,
            attempt_id=literal(by.nonce) + func.substr(Delivery.id, 1, 16),
            revision_id=func.coalesce(Delivery.revision_id, published.revision_of(first.kind, first.slug)),
            message_id=func.coalesce(Delivery.message_id, "<" + Delivery.id + f"@{domain}>"),
            dated_at=func.coalesce(Delivery.dated_at, by.now),
        )
        .execution_options(synchronize_session=False)
    )
    ours = and_(Delivery.owner == by.owner, Delivery.state == "sending")
    session.execute(
        insert(Attempt).from_select(
            ["id", "delivery_id", "began_at", "why"],
            select(Delivery.attempt_id, Delivery.id, literal(by.real, Attempt.began_at.type), literal("")).where(
                ours
            ),
        )
    )
    return [Claimed(*_checked(row)) for row in session.execute(_letters(ours))]


def _checked(row: Sequence[Any]) -> tuple[Any, ...]:
    return (*row[:2], mail_kind(row[2]), *row[3:-1], row[-1] or "")


def _may_not_be_mailed() -> ColumnElement[bool]:
    return exists(
        select(Enrolment.id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(Suppression, Suppression.email == Learner.email)
        .where(Enrolment.id == Delivery.enrolment_id, (Enrolment.state == "left") | Suppression.email.is_not(None))
        .correlate(Delivery)
    )


def _letters(ours: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """In the order of Claimed's fields."""
    return (
        select(
            Delivery.id.label("delivery"),
            Delivery.attempt_id.label("attempt"),
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
            Enrolment.due_at.label("next_at"),
            Learner.email,
            Learner.name,
            CertificateRow.serial,
        )
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(CertificateRow, CertificateRow.enrolment_id == Enrolment.id)
        .where(ours)
    )
