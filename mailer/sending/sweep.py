"""The sweep: what dead workers left, and what stayed uncertain, is settled by evidence or taken up again."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from course.locks import lock_learners_of
from course.models import Attempt, Delivery, Event, Probe
from course.times import RealTime, Times
from mailer.providers.answer import Answer
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.journal import Entries
from mailer.sending.patience.giving_up import COPIES_IN_DOUBT, DOUBTED_FOR, is_over
from mailer.sending.probe import is_wanted
from mailer.sending.record import give_back, record

LOOK_AT = 1000


def sweep(runtime: Runtime, real: RealTime) -> None:
    """One look at everything under way. Any number of processes may do it at once.

    `real` is from before a clock that jumps just now, or all waits have begun anew: see `jumps`.
    """
    with runtime.db.read() as session:
        owners = session.execute(
            select(Delivery.owner, func.max(Delivery.lease_until))
            .where(Delivery.state == "sending")
            .group_by(Delivery.owner)
        )
        silent = [owner for owner, lease in owners if owner and _is_over(runtime, owner, lease, real)]
        doubtful = session.scalar(select(Delivery.id).where(Delivery.state == "uncertain").limit(1))
    for owner in silent:
        runtime.db.transact(partial(_take_up, runtime, owner, real))
    if (silent or doubtful) and runtime.db.transact(lambda session: _settle(runtime, session, real)):
        runtime.queue.probe()


def _is_over(runtime: Runtime, owner: str, lease: datetime | None, real: RealTime) -> bool:
    """A worker of this machine is known to be dead by its lock; a silent one is given until its lease ends.

    Other machines' journals cannot be read here: their own processes get the longer time to take them up.
    """
    node, _, nonce = owner.rpartition(":")
    if node == runtime.node:
        return journal.owner_is_dead(runtime.journals, nonce) or lease is None or lease < real
    return lease is None or lease + timedelta(seconds=runtime.settings.uncertain_after) < real


def _take_up(runtime: Runtime, owner: str, real: RealTime, session: Session) -> None:
    """Settle a claim by its journal: answered letters are recorded, those not begun wait again, the rest is
    uncertain."""
    node, _, nonce = owner.rpartition(":")
    here = node == runtime.node
    told = journal.take_up(runtime.journals, nonce) if here else Entries(found=False)
    attempts = _locked(session, owner, told)
    times = Times(runtime.clock.now(), real)
    known = [(attempts.pop(a), answer) for a, answer in told.answers.items() if a in attempts]
    record(session, owner, known, times)
    untouched = [a for a in attempts if told.found and a not in told.begun]
    give_back(session, owner, real, [attempts.pop(attempt) for attempt in untouched])
    doubt = [(d, Answer(a, "unknown", "the worker died while sending it")) for a, d in attempts.items()]
    record(session, owner, doubt, times)


def _locked(session: Session, owner: str, told: Entries) -> dict[str, str]:
    """The delivery of each attempt that is under way, but for those that somebody else is writing.

    They are locked after the learners whom a bad address will stop.
    """
    bad = [attempt for attempt, answer in told.answers.items() if answer.permanent]
    of_bad = select(Delivery.id).where(Delivery.owner == owner, Delivery.attempt_id.in_(bad))
    lock_learners_of(session, session.scalars(of_bad).all() if bad else [])
    rows = session.execute(
        select(Delivery.id, Delivery.attempt_id)
        .where(Delivery.owner == owner, Delivery.state == "sending")
        .with_for_update(skip_locked=True)
    )
    return {str(attempt): delivery for delivery, attempt in rows}


def _settle(runtime: Runtime, session: Session, real: RealTime) -> bool:
    """Ends what doubts can be ended; whether a probe is wanted for the others."""
    uncertain = session.scalars(
        select(Delivery)
        .where(Delivery.state == "uncertain")
        .order_by(Delivery.uncertain_at)
        .limit(LOOK_AT)
        .with_for_update(skip_locked=True)
    ).all()
    for delivery in uncertain:
        match runtime.provider.has(delivery.id):
            case True:
                delivery.state, delivery.accepted_at, delivery.why = "accepted", runtime.clock.now(), ""
            case False:
                delivery.state, delivery.retry_at = "queued", real
            case None if _waited(runtime, delivery, real):
                _judge(runtime, session, delivery, real)
            case _:
                pass
    return is_wanted(runtime, session)


def _waited(runtime: Runtime, delivery: Delivery, real: RealTime) -> bool:
    wait = timedelta(seconds=runtime.settings.uncertain_after)
    return delivery.uncertain_at is not None and delivery.uncertain_at + wait <= real


def _judge(runtime: Runtime, session: Session, delivery: Delivery, real: RealTime) -> None:
    """After the wait: sent again under the same ids if nothing speaks for its having been taken.

    Where the provider confirms nothing, silence says nothing: the copy may be a second one, and counts as such.
    After it people decide.
    """
    if runtime.provider.confirms:
        if not _events_flow(session, delivery, real):
            return
        over = is_over(delivery.doubted_since, DOUBTED_FOR, real)
    else:
        over = delivery.rounds >= COPIES_IN_DOUBT
    if over:
        delivery.state, delivery.why = "failed", f"sent {delivery.rounds + 1} times, and no reply came"
    else:
        delivery.duplicates += not runtime.provider.confirms
        delivery.state, delivery.retry_at, delivery.rounds = "queued", real, delivery.rounds + 1


def _events_flow(session: Session, delivery: Delivery, real: RealTime) -> bool:
    """Whether an event came, since the doubt began, for a message accepted later than this attempt.

    A clock that was put back has left moments in the future: they prove nothing.
    """
    later, own = aliased(Delivery), session.get_one(Attempt, delivery.attempt_id)
    proof = select(
        exists().where(
            Event.delivery_id == later.id,
            Event.attempt_id == later.attempt_id,
            later.answered_at > own.began_at,
            later.answered_at <= real,
            Event.received_at > delivery.uncertain_at,
            Event.received_at <= real,
        )
    )
    heard = select(
        exists().where(
            Probe.answered_at > own.began_at, Probe.heard_at > delivery.uncertain_at, Probe.heard_at <= real
        )
    )
    return bool(session.scalar(proof) or session.scalar(heard))
