"""What the provider answered, written down. Every write is fenced by the attempt it belongs to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from course.models import Attempt, Delivery, Enrolment, Hold, Learner, Suppression
from mailer.backoff import wait_after
from mailer.claim import LEASE
from mailer.providers import Answer

OPEN_STATES = ("sending", "uncertain")


def record(session: Session, answers: Sequence[Answer], now: datetime, real: datetime) -> None:
    """Moves each delivery on, unless a newer attempt has taken it over meanwhile."""
    held = {
        row.attempt_id: row
        for row in session.scalars(
            select(Delivery)
            .where(Delivery.attempt_id.in_([answer.attempt for answer in answers]))
            .with_for_update()
        )
        if row.state in OPEN_STATES
    }
    for answer in answers:
        delivery = held.get(answer.attempt)
        if delivery is not None:
            _move(session, delivery, answer, now, real)
    session.execute(
        update(Attempt),
        [{"id": a.attempt, "answer": a.outcome, "answered_at": real, "why": a.why} for a in answers],
    )


def _move(session: Session, delivery: Delivery, answer: Answer, now: datetime, real: datetime) -> None:
    for column, value in _next(delivery, answer, now, real).items():
        setattr(delivery, column, value)
    if answer.permanent:
        suppress(session, delivery.enrolment_id, "bounced", answer.why, real)
    if answer.account:
        hold(session, f"The mail provider refuses us: {answer.why}", real)


def _next(delivery: Delivery, answer: Answer, now: datetime, real: datetime) -> dict[str, Any]:
    free = {"owner": None, "lease_until": None, "why": answer.why}
    match answer.outcome:
        case "accepted":
            return {**free, "state": "accepted", "accepted_at": now}
        case "unknown":
            return {**free, "state": "uncertain", "uncertain_at": real}
        case _ if answer.permanent:
            return {**free, "state": "failed"}
        case _ if answer.account:
            # The line is held, not this letter: it goes on unchanged when the hold is released.
            return {**free, "state": "queued", "retry_at": real}
        case _:
            refusals = delivery.refusals + 1
            wait = timedelta(seconds=wait_after(refusals, delivery.id, answer.retry_after))
            return {**free, "state": "queued", "refusals": refusals, "retry_at": real + wait}


def renew(session: Session, attempts: Sequence[str], real: datetime) -> None:
    """Longer leases for letters that are still under way."""
    session.execute(
        update(Delivery)
        .where(Delivery.attempt_id.in_(attempts), Delivery.state == "sending")
        .values(lease_until=real + LEASE)
    )


def suppress(session: Session, enrolment_id: int, reason: str, why: str, real: datetime) -> None:
    """No further mail to this learner's address; their courses stand still."""
    learner = session.scalars(
        select(Learner).join(Enrolment, Enrolment.learner_id == Learner.id).where(Enrolment.id == enrolment_id)
    ).one()
    if session.get(Suppression, learner.email) is None:
        session.add(Suppression(email=learner.email, reason=reason, suppressed_at=real, why=why))
    session.execute(update(Enrolment).where(Enrolment.learner_id == learner.id).values(due_at=None))
    session.flush()


def hold(session: Session, why: str, real: datetime) -> None:
    """Stops all sending until somebody releases it; an earlier hold keeps its reason."""
    if session.get(Hold, 1) is None:
        session.add(Hold(id=1, why=why, held_at=real))
        session.flush()


def release(session: Session) -> str | None:
    """Lets sending go on; the reason it was held for, or None if it was not."""
    held = session.get(Hold, 1)
    if held is None:
        return None
    session.delete(held)
    return held.why
