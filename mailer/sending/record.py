"""What the provider answered, written down. Every write is fenced by the claim it belongs to."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from course.bulk import among, insert_many
from course.locks import lock_deliveries, lock_learners_of
from course.models import Attempt, Delivery, Enrolment, Learner, Suppression
from course.times import RealTime, Times
from mailer import time_limits
from mailer.providers.answer import Answer
from mailer.providers.limits import names_a_limit
from mailer.sending.patience.backoff import wait_after, wait_after_break, wait_after_lasting
from mailer.sending.patience.giving_up import MOST_BREAKS, Refusals, is_unreachable
from mailer.sending.patience.hold import end_after_trial, hold_unasked
from mailer.sending.patience.our_fault import Answered, hold_if_about_us, judged
from mailer.sending.patience.outage import end_waits

OPEN_STATES = ("sending", "uncertain")

BROKEN = "broken"
"""What an attempt was answered that an error of our own kept from being made."""


def record(session: Session, owner: str, answered: Answered, times: Times) -> list[str | None]:
    """Moves each delivery on, unless a later claim has taken it over meanwhile. Returns the words of each refusal
    that is neither for good nor known, None for another answer: said to all of a batch, they are about us.

    That an attempt was accepted stands at its delivery alone: it is the common case, and one row less to write.
    """
    lock_learners_of(session, [delivery for delivery, answer in answered if answer.permanent])
    lock_deliveries(session, among(session, Delivery.id, [delivery for delivery, _ in answered]))
    now = judged(session, answered)
    accepted = [delivery for delivery, answer in answered if answer.outcome == "accepted"]
    if accepted:
        taken = {"state": "accepted", "accepted_at": times.now, "answered_at": times.real, "why": ""}
        _write(session, owner, accepted, taken)
        end_waits(session, times.real)
        end_after_trial(session, owner)
    for delivery, answer in answered:
        if answer.outcome != "accepted":
            _record_other(session, owner, delivery, answer, times, spare=delivery in now.spared)
            outcome = BROKEN if answer.broken else answer.outcome
            answer_attempt(session, answer.attempt, outcome, answer.why, times.real)
    hold_if_about_us(session, now, times.real)
    return [words if answer.lasting else None for words, (_, answer) in zip(now.news, answered, strict=True)]


def _write(session: Session, owner: str, deliveries: Sequence[str], values: Mapping[str, Any]) -> int:
    """How many rows were still the owner's to write."""
    done = session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, deliveries), Delivery.owner == owner, Delivery.state.in_(OPEN_STATES))
        .values(lease_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def answer_attempt(session: Session, attempt: str | None, outcome: str, why: str, at: datetime | None) -> None:
    """Write down what became of an attempt other than the one its delivery stands by."""
    session.execute(
        update(Attempt)
        .where(Attempt.id == attempt)
        .values(answer=outcome, answered_at=at, why=why)
        .execution_options(synchronize_session=False)
    )


def _record_other(  # noqa: PLR0913 - all of them say what is written
    session: Session, owner: str, delivery: str, answer: Answer, times: Times, *, spare: bool
) -> None:
    columns = [getattr(Delivery, field) for field in Trouble._fields if field != "breaks"]
    so_far = session.execute(select(*columns).where(Delivery.id == delivery)).one_or_none()
    if so_far is None:
        return
    breaks = _breaks(session, delivery, answer.attempt, so_far.refusals) if answer.broken else 0
    trouble = Trouble._make([*so_far, breaks])
    if not _write(session, owner, [delivery], _next(delivery, trouble, answer, times.real, spare=spare)):
        return
    if answer.permanent and not spare:
        suppress(session, session.get_one(Delivery, delivery), "bounced", answer.why, times.real)
    if answer.account:
        why = f"The mail provider refuses us: {answer.why}"
        hold_unasked(session, why, times.real, passing=names_a_limit(answer.why))


class Trouble(NamedTuple):
    """What a delivery has met with so far; since when, in real time."""

    refusals: int
    refused_since: datetime | None
    refused_days: int
    refused_day_at: datetime | None
    doubted_since: datetime | None
    breaks: int = 0


def _breaks(session: Session, delivery: str, attempt: str, refusals: int) -> int:
    """How many attempts in a row before this one were broken, as far as it matters. Those before an operator sent
    the mail again do not count: its `refusals` begin anew then."""
    answered = and_(Attempt.delivery_id == delivery, Attempt.id != attempt, Attempt.answer.is_not(None))
    latest = select(Attempt.answer).where(answered).order_by(Attempt.began_at.desc())
    before = session.scalars(latest.limit(min(refusals, MOST_BREAKS))).all()
    return next((number for number, answer in enumerate(before) if answer != BROKEN), len(before))


def _next(delivery: str, so_far: Trouble, answer: Answer, real: RealTime, *, spare: bool) -> dict[str, Any]:
    if answer.outcome == "unknown":
        doubted_since = so_far.doubted_since or real
        return {"state": "uncertain", "uncertain_at": real, "doubted_since": doubted_since, "why": answer.why}
    if answer.account or spare:
        # The line is held, not this letter: it goes on unchanged when the hold is released.
        return {"state": "queued", "retry_at": real, "why": answer.why}
    broken_for_good = answer.broken and so_far.breaks + 1 >= MOST_BREAKS
    if answer.permanent or broken_for_good:
        return {"state": "failed", "why": answer.why}
    refused = Refusals(so_far.refused_since, so_far.refused_days, so_far.refused_day_at)
    # Whom nobody answered, nobody has refused: however long that lasts, it goes when somebody does.
    if not answer.unreached:
        refused = refused.once_more(real)
        if is_unreachable(refused, real, lasting=answer.lasting):
            return {"state": "failed", "why": answer.why}
    refusals = so_far.refusals + 1
    wait = wait_after_lasting(refusals, delivery) if answer.lasting else 0.0
    wait = wait_after_break(so_far.breaks + 1, delivery) if answer.broken else wait
    wait = max(wait, wait_after(refusals, delivery, answer.retry_after))
    return {
        "state": "queued",
        "refusals": refusals,
        "refused_since": refused.since,
        "refused_days": refused.days,
        "refused_day_at": refused.day_at,
        "retry_at": real + timedelta(seconds=wait),
        "why": answer.why,
    }


def renew_lease(session: Session, owner: str, real: RealTime) -> bool:
    """Longer leases for the letters that are still under way; whether there are any."""
    under_way = lock_deliveries(session, and_(Delivery.owner == owner, Delivery.state == "sending"))
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, under_way))
        .values(lease_until=real + timedelta(seconds=time_limits.LEASE))
        .execution_options(synchronize_session=False)
    )
    return bool(under_way)


def give_back(session: Session, owner: str, real: RealTime, only: Sequence[str] | None = None) -> int:
    """The letters of a claim that are still under way, or `only` these of them, wait again; how many. To be called
    for those that were never begun."""
    which = [Delivery.owner == owner, Delivery.state == "sending"]
    if only is not None:
        which.append(among(session, Delivery.id, only))
    untouched = lock_deliveries(session, and_(*which))
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, untouched))
        .values(state="queued", retry_at=real, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return len(untouched)


def suppress(  # noqa: PLR0913 - most of them are what is written
    session: Session, delivery: Delivery, reason: str, why: str, real: RealTime, attempt: str | None = None
) -> None:
    """No further mail to the address this one went to; if it is the learner's, they find their lessons on their
    pages.

    Told of an `attempt` before its newest, it is the address that one went to. The learner is locked.
    """
    learner = session.scalars(
        select(Learner)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .where(Enrolment.id == delivery.enrolment_id)
    ).one()
    went = session.scalar(select(Attempt.email).where(Attempt.id == (attempt or delivery.attempt_id)))
    email = went or delivery.email or learner.email
    insert_many(session, Suppression, [{"email": email, "reason": reason, "suppressed_at": real, "why": why}])
    session.flush()
