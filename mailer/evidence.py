"""What settles a mail's fate: dead workers' leases, the provider's events, and our own pixel and links."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from course.models import Attempt, Delivery, Event
from course.tokens import new_id
from mailer.events import ProviderEvent
from mailer.links import Mark
from mailer.record import OPEN_STATES, suppress
from mailer.runtime import Runtime
from mailer.verdict import judge

MOST_ROUNDS = 5
LOOK_AT = 500


def sweep(runtime: Runtime, session: Session) -> None:
    """Dead workers' letters become uncertain, and uncertain ones are settled where there is evidence."""
    real = runtime.clock.real()
    session.execute(
        update(Delivery)
        .where(Delivery.state == "sending", Delivery.lease_until < real)
        .values(state="uncertain", uncertain_at=real, owner=None, lease_until=None, why="the worker fell silent")
    )
    uncertain = session.scalars(
        select(Delivery)
        .where(Delivery.state == "uncertain")
        .order_by(Delivery.uncertain_at)
        .limit(LOOK_AT)
        .with_for_update(skip_locked=True)
    ).all()
    wait = timedelta(seconds=runtime.settings.uncertain_after)
    for delivery in uncertain:
        match runtime.provider.has(delivery.id):
            case True:
                _settle_accepted(delivery, runtime.clock.now())
            case False:
                _send_again(delivery, real)
            case None if _waited(delivery, real, wait) and _may_resend(runtime, session, delivery):
                _send_again(delivery, real)
            case _:
                pass


def _waited(delivery: Delivery, real: datetime, wait: timedelta) -> bool:
    return delivery.uncertain_at is not None and delivery.uncertain_at + wait <= real


def _may_resend(runtime: Runtime, session: Session, delivery: Delivery) -> bool:
    """Whether silence means "not taken": only if events could have told us, and told of later letters."""
    if not runtime.settings.sendgrid_webhook_key:
        return True
    later, own = aliased(Attempt), session.get_one(Attempt, delivery.attempt_id)
    return bool(
        session.scalar(
            select(
                exists().where(
                    Event.attempt_id == later.id,
                    later.began_at > own.began_at,
                    Event.received_at > delivery.uncertain_at,
                )
            )
        )
    )


def _settle_accepted(delivery: Delivery, now: datetime) -> None:
    delivery.state, delivery.accepted_at, delivery.why = "accepted", now, ""
    delivery.owner, delivery.lease_until = None, None


def _send_again(delivery: Delivery, real: datetime) -> None:
    """Queued under the same ids, or failed after so many rounds that a person must look."""
    delivery.rounds += 1
    if delivery.rounds > MOST_ROUNDS:
        delivery.state, delivery.why = "failed", f"uncertain {MOST_ROUNDS} times in a row"
    else:
        delivery.state, delivery.retry_at, delivery.batch = "queued", real, new_id()


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


def _apply(session: Session, delivery: Delivery, event: ProviderEvent, now: datetime, real: datetime) -> None:
    if event.kind != "dropped" and delivery.state in OPEN_STATES:
        _settle_accepted(delivery, now)
    delivery.fate = _fate(delivery.fate, event.kind)
    if event.kind == "complained" or (event.kind == "bounced" and event.hard):
        suppress(session, delivery.enrolment_id, event.kind, event.why, real)
    session.flush()


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
