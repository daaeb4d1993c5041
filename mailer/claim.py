"""Claiming a batch: rows become ours, with an attempt each, before any provider hears of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from course.editions import Published
from course.models import Attempt, CertificateRow, Delivery, Enrolment, Hold, Learner, Suppression
from course.tokens import new_id
from mailer.compose import MailKind, mail_kind

LEASE = timedelta(seconds=30)
"""Real time. A worker renews it as answers come; who is silent for longer is taken for dead."""

INVITED = ("confirm",)
"""Mails that a person has just asked for on our page: they also reach who has left."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours to send, with what its letter needs."""

    delivery: str
    attempt: str
    kind: MailKind
    slug: str
    course_id: int
    edition_id: int
    revision_id: int
    message_id: str
    dated_at: datetime
    enrolment: int
    generation: int
    tracking: bool
    zone: str
    pace: str
    next_at: datetime | None
    email: str
    name: str
    serial: str


def claim(
    session: Session, batch: str, owner: str, published: Published, sender: str, now: datetime, real: datetime
) -> list[Claimed]:
    """The queued letters of a batch that may go now; those of people who left or may not be mailed are cancelled.

    Nothing while sending is on hold. `sender` gives the Message-ID its domain. Locks rows, does not commit.
    """
    if session.scalar(select(Hold.id)) is not None:
        return []
    rows = session.execute(
        select(Delivery, Enrolment, Learner, Suppression.email, CertificateRow.serial)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(Suppression, Suppression.email == Learner.email)
        .outerjoin(CertificateRow, CertificateRow.enrolment_id == Enrolment.id)
        .where(Delivery.batch == batch, Delivery.state == "queued", Delivery.retry_at <= real)
        .with_for_update(of=Delivery, skip_locked=True)
    ).tuples()
    claimed: list[Claimed] = []
    cancelled: list[dict[str, Any]] = []
    for delivery, enrolment, learner, suppressed, serial in rows:
        why = _may_not_go(delivery.kind, enrolment.state, suppressed is not None)
        if why:
            cancelled.append({"id": delivery.id, "state": "cancelled", "why": why})
        else:
            claimed.append(_claimed(delivery, enrolment, learner, serial or "", published, sender, now))
    if cancelled:
        session.execute(update(Delivery), cancelled)
    _store(session, claimed, owner, real)
    return claimed


def _may_not_go(kind: str, state: str, suppressed: bool) -> str:
    if kind in INVITED:
        return ""
    if state == "left":
        return "the learner has left the course"
    return "the address may not be mailed" if suppressed else ""


def _claimed(
    delivery: Delivery,
    enrolment: Enrolment,
    learner: Learner,
    serial: str,
    published: Published,
    sender: str,
    now: datetime,
) -> Claimed:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return Claimed(
        delivery=delivery.id,
        attempt=new_id(),
        kind=mail_kind(delivery.kind),
        slug=delivery.slug,
        course_id=delivery.course_id,
        edition_id=delivery.edition_id,
        revision_id=delivery.revision_id or published.revision_of(delivery.kind, delivery.slug),
        message_id=delivery.message_id or f"<{new_id()}@{domain}>",
        dated_at=delivery.dated_at or now,
        enrolment=enrolment.id,
        generation=enrolment.generation,
        tracking=enrolment.tracking,
        zone=enrolment.zone,
        pace=enrolment.pace,
        next_at=enrolment.due_at,
        email=learner.email,
        name=learner.name,
        serial=serial,
    )


def _store(session: Session, claimed: Sequence[Claimed], owner: str, real: datetime) -> None:
    if not claimed:
        return
    session.execute(
        insert(Attempt), [{"id": c.attempt, "delivery_id": c.delivery, "began_at": real} for c in claimed]
    )
    session.execute(
        update(Delivery),
        [
            {
                "id": c.delivery,
                "state": "sending",
                "attempt_id": c.attempt,
                "owner": owner,
                "lease_until": real + LEASE,
                "revision_id": c.revision_id,
                "message_id": c.message_id,
                "dated_at": c.dated_at,
            }
            for c in claimed
        ],
    )
