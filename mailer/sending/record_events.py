"""What settles a mail's fate: the provider's events, each recorded once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import among, insert_into
from course.locks import in_turn, lock_learners_of
from course.models import Attempt, Delivery, Deployment, Enrolment, Event, Probe
from course.schedule.look_again import look_again
from course.schedule.rhythm import A_DAY
from course.times import CourseTime, RealTime, Times
from mailer.providers.events import ProviderEvent
from mailer.providers.posted import storable
from mailer.sending.patience.backoff import wait_after_return
from mailer.sending.patience.giving_up import RETURNED_FOR, is_over
from mailer.sending.patience.hold import hold_unasked
from mailer.sending.patience.slow_domains import hear
from mailer.sending.record import OPEN_STATES, answer_attempt, suppress
from mailer.sending.unnamed import named

TAKEN_AFTER_ALL = (*OPEN_STATES, "queued", "failed")
"""An event proves that an attempt was taken: also of a letter that waits to be sent again, or was given up."""

TURNED_BACK = ("bounced", "dropped")
ENOUGH_TO_JUDGE = 500
MANY = 3


def record_events(session: Session, events: Sequence[ProviderEvent], times: Times) -> int:
    """Stores each event once and lets it settle its delivery; how many were new."""
    _hold_if_account_is_stopped(session, events, times.real)
    events = named(session, events)
    deliveries = _locked(session, events)
    ours = {event.key: event for event in events if event.attempt in deliveries}
    new = _store(session, [_row(event, deliveries[event.attempt].id, times.real) for event in ours.values()])
    returned = _returned(session, sorted({deliveries[ours[key].attempt].id for key in new}))
    for key, event in ours.items():
        # Told late what was before the letter came back: nothing new.
        if key in new and not _is_over(event, returned.get(event.attempt)):
            _apply(session, deliveries[event.attempt], event, times)
    session.flush()
    hear(session, [event for key, event in ours.items() if key in new], times.real)
    _hear_probes(session, [event.attempt for event in events if event.attempt not in deliveries], times.real)
    return len(new)


def _locked(session: Session, events: Sequence[ProviderEvent]) -> dict[str, Delivery]:
    """The delivery of each attempt that is ours, locked before an event of it is stored.

    An event locks the delivery it belongs to, but not so that others could not do the same: two posts would both
    store theirs, and then wait for each other.
    """
    known = (
        select(Attempt.id, Delivery.id, Delivery.state)
        .join(Delivery, Delivery.id == Attempt.delivery_id)
        .where(among(session, Attempt.id, [event.attempt for event in events]))
    )
    of_attempt = {attempt: (delivery, state) for attempt, delivery, state in session.execute(known)}
    grave = {event.attempt for event in events if event.kind == "complained" or event.hard}
    lock_learners_of(
        session, [mail for attempt, (mail, state) in of_attempt.items() if attempt in grave or state == "failed"]
    )
    mails = among(session, Delivery.id, list({mail for mail, _ in of_attempt.values()}))
    by_id = {mail.id: mail for mail in session.scalars(in_turn(select(Delivery).where(mails), Delivery.id))}
    return {attempt: by_id[mail] for attempt, (mail, _) in of_attempt.items() if mail in by_id}


def _returned(session: Session, deliveries: Sequence[str]) -> dict[str, datetime]:
    """The attempts of which an event says that they did not arrive, and since when."""
    known = (
        select(Event.attempt_id, func.max(Event.at))
        .where(among(session, Event.delivery_id, deliveries), Event.kind.in_(TURNED_BACK))
        .group_by(Event.attempt_id)
    )
    return {str(attempt): at for attempt, at in session.execute(known)}


def _is_over(event: ProviderEvent, returned: datetime | None) -> bool:
    return returned is not None and (
        event.kind in ("processed", "deferred") or (event.kind == "delivered" and event.at <= returned)
    )


def _row(event: ProviderEvent, delivery: str, real: RealTime) -> dict[str, Any]:
    return {
        "key": event.key,
        "delivery_id": delivery,
        "attempt_id": event.attempt,
        "kind": event.kind,
        "at": event.at,
        "received_at": real,
        "verdict": "",
        "rule": "",
        "link": event.link,
        "raw": storable(event.raw),
    }


def _store(session: Session, rows: list[dict[str, Any]]) -> set[str]:
    """The keys that were not there before."""
    if not rows:
        return set()
    statement = insert_into(session, Event).on_conflict_do_nothing().returning(Event.key)
    return set(session.scalars(statement, sorted(rows, key=lambda row: str(row["key"]))))


def _hear_probes(session: Session, attempts: Sequence[str], real: RealTime) -> None:
    if not attempts:
        return
    silent = select(Probe).where(among(session, Probe.id, attempts), Probe.heard_at.is_(None))
    for probe in session.scalars(in_turn(silent, Probe.id)):
        probe.heard_at = real


def _apply(session: Session, delivery: Delivery, event: ProviderEvent, times: Times) -> None:
    if event.kind in TURNED_BACK:
        _turn_back(session, delivery, event, times)
    elif delivery.state in TAKEN_AFTER_ALL:
        _accept(session, delivery, times.now)
    if event.attempt != delivery.attempt_id and event.kind not in TURNED_BACK:
        # An older attempt was taken after all, when a later one was on its way already.
        delivery.duplicates = max(delivery.duplicates, 1)
    delivery.fate = _fate(delivery.fate, event.kind)
    if event.kind == "complained" or event.hard:
        suppress(session, delivery, event.kind, event.why, times.real, event.attempt)
    if event.kind == "complained":
        session.flush()
        _hold_if_many_complain(session, times.real)


def _accept(session: Session, delivery: Delivery, now: CourseTime) -> None:
    if delivery.state == "failed":
        # The course had stopped at this lesson; it goes on.
        look_again(session, Enrolment.id == delivery.enrolment_id, now)
    delivery.state, delivery.accepted_at, delivery.why = "accepted", now, ""


def _turn_back(session: Session, delivery: Delivery, event: ProviderEvent, times: Times) -> None:
    """The newest attempt did not arrive. A bad address ends it; otherwise it is sent again, later, for some days.

    It had been taken: refusals from before that count no more.
    """
    if event.attempt != delivery.attempt_id or delivery.state == "cancelled":
        return
    if delivery.answered_at is not None:
        answer_attempt(session, delivery.attempt_id, "accepted", "", delivery.answered_at)
    if event.hard and event.kind == "bounced":
        _accept(session, delivery, times.now)
    elif event.account:
        # The line is held, not this letter: it goes on unchanged once there is room again.
        delivery.state, delivery.retry_at, delivery.why = "queued", times.real, event.why
        delivery.accepted_at = None
        hold_unasked(session, f"The mail provider refuses us: {event.why}", times.real, passing=True)
    elif event.hard or is_over(delivery.returned_since, RETURNED_FOR, times.real):
        delivery.state, delivery.why = "failed", event.why
    else:
        delivery.returns += 1
        delivery.returned_since = delivery.returned_since or times.real
        delivery.refusals, delivery.refused_since = 0, None
        wait = wait_after_return(delivery.returns, delivery.id)
        delivery.state, delivery.retry_at, delivery.why = "queued", times.real + timedelta(seconds=wait), event.why
        delivery.accepted_at = None


def _hold_if_account_is_stopped(session: Session, events: Sequence[ProviderEvent], real: RealTime) -> None:
    """An alarm; whether mail is taken all the same, a trial tells. What is told again after an operator has let
    sending go on, or long after it was, says nothing new."""
    stopped = [event for event in events if event.kind == "account_stopped"]
    if not stopped:
        return
    released = session.scalar(select(Deployment.released_at))
    for event in stopped:
        if real - RealTime(event.at) < A_DAY and (released is None or event.at > released):
            hold_unasked(session, f"The mail provider has stopped our account: {event.why}", real, passing=True)


def _hold_if_many_complain(session: Session, real: RealTime) -> None:
    """Mailbox providers count in days, and so do we; what an operator released before is not held against us."""
    released = session.scalar(select(Deployment.released_at))
    since = max(real - A_DAY, released) if released else real - A_DAY
    complaints = session.scalar(
        select(func.count(Event.delivery_id.distinct())).where(
            Event.kind == "complained", Event.received_at > since
        )
    )
    sent = session.scalar(
        select(func.count()).where(Delivery.state == "accepted", Delivery.answered_at > real - A_DAY)
    )
    if too_many_complaints(complaints or 0, sent or 0):
        hold_unasked(
            session, f"{complaints} of {sent} mails of the last day were marked as spam by their readers.", real
        )


def too_many_complaints(complaints: int, sent: int) -> bool:
    """Google and Yahoo ask senders to stay below 0.1%: https://support.google.com/a/answer/81126.

    One complaint among few mails says little; three say something however few there are.
    """
    telling = complaints >= MANY or (complaints >= 1 and sent >= ENOUGH_TO_JUDGE)
    return telling and complaints * 1000 >= sent


FATES = ("delivered", "bounced", "complained")


def _fate(known: str | None, kind: str) -> str | None:
    """Events come in any order; the later in FATES tells more."""
    if kind not in FATES:
        return known
    return kind if known is None or FATES.index(kind) > FATES.index(known) else known
