"""What settles a mail's fate: the provider's events, and our own pixel and links; each recorded once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from course.models import Attempt, Delivery, Deployment, Event, Probe
from course.tokens import new_id
from mailer.events import ProviderEvent
from mailer.links import Mark
from mailer.record import OPEN_STATES, hold, suppress
from mailer.verdict import judge

TAKEN_AFTER_ALL = (*OPEN_STATES, "queued")
"""An event proves that an attempt was taken: also of a letter that waits to be sent again, and need not be now."""

A_DAY = timedelta(days=1)
ENOUGH_TO_JUDGE = 500
MANY = 3


def record_events(session: Session, events: Sequence[ProviderEvent], now: datetime, real: datetime) -> int:
    """Stores each event once and lets it settle its delivery; how many were new."""
    new = 0
    for event in events:
        delivery = session.scalar(
            select(Delivery)
            .join(Attempt, Attempt.delivery_id == Delivery.id)
            .where(Attempt.id == event.attempt)
            .with_for_update(of=Delivery)
        )
        if delivery is None:
            _hear_probe(session, event.attempt, real)
            continue
        values = {
            "key": event.key,
            "delivery_id": delivery.id,
            "attempt_id": event.attempt,
            "kind": event.kind,
            "at": event.at,
            "received_at": real,
            "verdict": "",
            "rule": "",
            "link": event.link,
            "raw": dict(event.raw),
        }
        if _insert_once(session, values):
            new += 1
            _apply(session, delivery, event, now, real)
    return new


def _hear_probe(session: Session, attempt: str, real: datetime) -> None:
    probe = session.get(Probe, attempt)
    if probe is not None and probe.heard_at is None:
        probe.heard_at = real


def _apply(session: Session, delivery: Delivery, event: ProviderEvent, now: datetime, real: datetime) -> None:
    if event.kind != "dropped" and delivery.state in TAKEN_AFTER_ALL:
        delivery.state, delivery.accepted_at, delivery.why = "accepted", now, ""
    if event.attempt != delivery.attempt_id:
        # An older attempt was taken after all, when a later one was on its way already.
        delivery.duplicates = max(delivery.duplicates, 1)
    delivery.fate = _fate(delivery.fate, event.kind)
    if event.kind == "complained" or event.hard:
        suppress(session, delivery.enrolment_id, event.kind, event.why, real)
    if event.kind == "complained":
        _hold_if_many_complain(session, real)
    session.flush()


def _hold_if_many_complain(session: Session, real: datetime) -> None:
    """Mailbox providers count in days, and so do we; what an operator released before is not held against us."""
    released = session.scalar(select(Deployment.released_at))
    since = max(real - A_DAY, released) if released else real - A_DAY
    complaints = session.scalar(
        select(func.count(Event.delivery_id.distinct())).where(
            Event.kind == "complained", Event.received_at > since
        )
    )
    sent = session.scalar(
        select(func.count()).where(Attempt.answer == "accepted", Attempt.answered_at > real - A_DAY)
    )
    if too_many_complaints(complaints or 0, sent or 0):
        hold(session, f"{complaints} of {sent} mails of the last day were marked as spam by their readers.", real)


def too_many_complaints(complaints: int, sent: int) -> bool:
    """Google and Yahoo ask senders to stay below 0.1%: https://support.google.com/a/answer/81126.

    One complaint among few mails says little; three say something however few there are.
    """
    return (complaints >= 1 and sent >= ENOUGH_TO_JUDGE and complaints * 1000 >= sent) or (
        complaints >= MANY and complaints * 1000 >= sent
    )


FATES = ("delivered", "bounced", "complained")


def _fate(known: str | None, kind: str) -> str | None:
    """Events come in any order; the later in FATES tells more."""
    if kind not in FATES:
        return known
    return kind if known is None or FATES.index(kind) > FATES.index(known) else known


def record_hit(
    session: Session,
    mark: Mark,
    kind: Literal["opened", "clicked"],
    link: str,
    agent: str,
    method: str,
    real: datetime,
) -> None:
    """An open or a click, with its verdict. Repeated hits are kept apart: people do come back."""
    if session.get(Delivery, mark.delivery) is None:
        return
    sent = session.scalar(
        select(Attempt.answered_at).where(Attempt.delivery_id == mark.delivery, Attempt.answer == "accepted")
    )
    verdict = judge(agent, method, (real - sent).total_seconds() if sent else None)
    session.add(
        Event(
            key=new_id(),
            delivery_id=mark.delivery,
            attempt_id=None,
            kind=kind,
            at=real,
            received_at=real,
            verdict=verdict.judgement,
            rule=verdict.rule,
            link=link,
            raw={"agent": agent[:300], "method": method},
        )
    )


def _insert_once(session: Session, values: dict[str, Any]) -> bool:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    inserted = session.execute(insert(Event).values(**values).on_conflict_do_nothing().returning(Event.id))
    return inserted.first() is not None
