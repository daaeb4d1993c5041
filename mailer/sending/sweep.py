"""The sweep: what dead workers left, and what stayed uncertain, is settled by evidence or taken up again."""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from course.locks import lock_learners_of
from course.models import Delivery
from course.set_aside import forget, left_alone
from course.times import RealTime, Times
from mailer.providers.answer import Answer
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.journal import Entries
from mailer.sending.patience.isolation import PASSING, set_aside
from mailer.sending.probe import is_wanted
from mailer.sending.record import give_back, record
from mailer.sending.settle import LOOK_AT, PORTION, settle


def sweep(runtime: Runtime, real: RealTime) -> None:
    """One look at everything under way. Any number of processes may do it at once.

    `real` is from before a clock that jumps just now, or all waits have begun anew: see `jumps`.
    """
    with runtime.db.read() as session:
        owners = session.execute(
            select(Delivery.owner, func.max(Delivery.lease_until))
            .where(Delivery.state == "sending", not_(left_alone("claim", Delivery.owner, real)))
            .group_by(Delivery.owner)
        )
        silent = [owner for owner, lease in owners if owner and _is_over(runtime, owner, lease, real)]
        doubtful = session.scalar(select(Delivery.id).where(Delivery.state == "uncertain").limit(1))
    left = LOOK_AT
    for owner in silent:
        # Planning has its turn before the next ones.
        left -= _take_up_isolated(runtime, owner, real) if left > 0 else 0
    if silent or doubtful:
        settle(runtime, real)
        with runtime.db.read() as session:
            wanted = is_wanted(runtime, session)
        if wanted:
            runtime.queue.probe()


def _is_over(runtime: Runtime, owner: str, lease: datetime | None, real: RealTime) -> bool:
    """A worker of this machine is known to be dead by its lock; a silent one is given until its lease ends.

    Other machines' journals cannot be read here: their own processes get the longer time to take them up.
    """
    node, _, nonce = owner.rpartition(":")
    if node == runtime.node:
        return journal.owner_is_dead(runtime.journals, nonce) or lease is None or lease < real
    return lease is None or lease + timedelta(seconds=runtime.settings.uncertain_after) < real


def _take_up_isolated(runtime: Runtime, owner: str, real: RealTime) -> int:
    try:
        return _take_up(runtime, owner, real)
    except PASSING:
        raise
    # Whatever one claim fails for stops no other; its reason is kept.
    except Exception as problem:
        with runtime.db.write() as session:
            set_aside(session, "claim", owner, problem, real)
        return 0


def _take_up(runtime: Runtime, owner: str, real: RealTime) -> int:
    """Settle a claim by its journal: answered letters are recorded, those not begun wait again, the rest is
    uncertain. Returns how many there were."""
    node, _, nonce = owner.rpartition(":")
    told = journal.take_up(runtime.journals, nonce) if node == runtime.node else Entries(found=False)
    count = 0
    while portion := runtime.db.transact(
        partial(_take_up_portion, owner=owner, told=told, times=Times(runtime.clock.now(), real))
    ):
        count += portion
    _clear(runtime, owner, real)
    return count


def _clear(runtime: Runtime, owner: str, real: RealTime) -> None:
    node, _, nonce = owner.rpartition(":")
    left = select(Delivery.id).where(Delivery.owner == owner, Delivery.state == "sending").limit(1)
    with runtime.db.write() as session:
        forget(session, "claim", [owner], real)
        # Some may be in another process' hands, which has the journal still to read.
        cleared = session.scalar(left) is None
    if cleared and node == runtime.node:
        journal.clear(runtime.journals, nonce)


def _take_up_portion(session: Session, owner: str, told: Entries, times: Times) -> int:
    attempts = _locked(session, owner, told)
    count = len(attempts)
    known = [(attempts.pop(a), told.answers[a]) for a in list(attempts) if a in told.answers]
    record(session, owner, known, times)
    untouched = [a for a in attempts if told.found and a not in told.begun]
    give_back(session, owner, times.real, [attempts.pop(attempt) for attempt in untouched])
    doubt = [(d, Answer(a, "unknown", "the worker died while sending it")) for a, d in attempts.items()]
    record(session, owner, doubt, times)
    return count


def _locked(session: Session, owner: str, told: Entries) -> dict[str, str]:
    """The delivery of each attempt that is under way, a portion of them, but for those that somebody else writes.

    They are locked after the learners whom a bad address will stop.
    """
    bad = [attempt for attempt, answer in told.answers.items() if answer.permanent]
    of_bad = select(Delivery.id).where(Delivery.owner == owner, Delivery.attempt_id.in_(bad))
    lock_learners_of(session, session.scalars(of_bad).all() if bad else [])
    rows = session.execute(
        select(Delivery.id, Delivery.attempt_id)
        .where(Delivery.owner == owner, Delivery.state == "sending")
        .order_by(Delivery.id)
        .limit(PORTION)
        .with_for_update(skip_locked=True)
    )
    return {str(attempt): delivery for delivery, attempt in rows}
