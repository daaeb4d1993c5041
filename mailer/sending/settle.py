"""Mails in doubt, settled by evidence: they were taken, or they go again, or they are given up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Literal, NamedTuple

from sqlalchemy import String, cast, not_, select, update
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Attempt, Delivery, Event, Probe
from course.set_aside import left_alone
from course.times import RealTime, Times
from mailer.runtime import Runtime
from mailer.sending.patience.giving_up import COPIES_IN_DOUBT, DOUBTED_FOR, is_over
from mailer.sending.patience.isolation import set_aside

LOOK_AT = 1000
"""How many mails in doubt, the oldest first, one sweep looks at. No later one is settled sooner."""

PORTION = 200
"""How many are written in one transaction: others who write wait no longer than for these."""

NEWEST_EVENTS = 1000
"""Among so many, one of a mail accepted after the doubt began is found, if events flow."""

Verdict = Literal["taken", "not taken", "once more", "given up", "waits"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mail whose attempt began at `began`, and is in doubt since `since`; with earlier rounds since `first`, all
    in real time. `rounds` counts how often it went again out of doubt."""

    delivery: str
    attempt: str
    began: datetime
    since: datetime
    first: datetime | None
    rounds: int


class Heard(NamedTuple):
    """A mail that was accepted, and when an event told of it. Real time."""

    accepted_at: datetime
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """When silence speaks: once a doubt is `wait` old and, where the provider confirms, others were heard of."""

    confirms: bool
    wait: timedelta
    heard: Sequence[Heard]


def judge(doubt: Doubt, taken: bool | None, rule: Rule, real: RealTime) -> Verdict:
    """What becomes of it. `taken` is what the provider itself knows of the delivery, None if it cannot say.

    After the wait it is sent again under the same ids if nothing speaks for its having been taken. Where the
    provider confirms nothing, silence says nothing: the copy may be a second one, and counts as such; after it
    people decide.
    """
    if taken is not None:
        return "taken" if taken else "not taken"
    if not _waited(doubt, rule, real) or (rule.confirms and not _events_flow(doubt, rule.heard)):
        return "waits"
    over = is_over(doubt.first, DOUBTED_FOR, real) if rule.confirms else doubt.rounds >= COPIES_IN_DOUBT
    return "given up" if over else "once more"


def _waited(doubt: Doubt, rule: Rule, real: RealTime) -> bool:
    return doubt.since + rule.wait <= real


def _events_flow(doubt: Doubt, heard: Sequence[Heard]) -> bool:
    """Whether an event came, since the doubt began, of a mail accepted later than this attempt began."""
    return any(mail.accepted_at > doubt.began and mail.heard_at > doubt.since for mail in heard)


def telling(heard: Iterable[Heard]) -> list[Heard]:
    """Those that prove all that the others prove: of each other one, some is later in both moments."""
    found: list[Heard] = []
    for mail in sorted(heard, reverse=True):
        if not found or mail.heard_at > found[-1].heard_at:
            found.append(mail)
    return found


def settle(runtime: Runtime, real: RealTime) -> None:
    """One look at the oldest doubts. The provider is asked outside of any transaction, the proof once."""
    with runtime.db.read() as session:
        doubts = _oldest(session, real)
        rule = _rule(runtime, session, doubts, real)
        if rule.heard:
            doubts = _with_their_beginnings(session, doubts)
    verdicts: defaultdict[Verdict, list[Doubt]] = defaultdict(list)
    for doubt in doubts:
        try:
            taken = runtime.provider.has(doubt.delivery)
        # Whatever a provider fails for when asked of one mail stops no other.
        except Exception as problem:
            with runtime.db.write() as session:
                set_aside(session, "delivery", doubt.delivery, problem, real)
            continue
        verdicts[judge(doubt, taken, rule, real)].append(doubt)
    times = Times(runtime.clock.now(), real)
    for verdict, values in _written(times, copies=not rule.confirms).items():
        settled = verdicts[verdict]
        for first in range(0, len(settled), PORTION):
            portion = settled[first : first + PORTION]
            runtime.db.transact(partial(_write, doubts=portion, values=values))


def _oldest(session: Session, real: RealTime) -> Sequence[Doubt]:
    """Each as if its attempt had begun when the doubt did: that is all one needs until something was heard."""
    rows = session.execute(
        select(Delivery.id, Delivery.attempt_id, Delivery.uncertain_at, Delivery.doubted_since, Delivery.rounds)
        .where(Delivery.state == "uncertain", not_(left_alone("delivery", Delivery.id, real)))
        .order_by(Delivery.uncertain_at)
        .limit(LOOK_AT)
    )
    return [Doubt(mail, attempt or "", since, since, first, n) for mail, attempt, since, first, n in rows if since]


def _with_their_beginnings(session: Session, doubts: Sequence[Doubt]) -> Sequence[Doubt]:
    # Not joined: PostgreSQL would read all attempts there ever were to find these.
    attempts = [doubt.attempt for doubt in doubts]
    began = dict(
        session.execute(select(Attempt.id, Attempt.began_at).where(among(session, Attempt.id, attempts))).all()
    )
    return [replace(doubt, began=began.get(doubt.attempt, doubt.began)) for doubt in doubts]


def _rule(runtime: Runtime, session: Session, doubts: Sequence[Doubt], real: RealTime) -> Rule:
    wait, confirms = timedelta(seconds=runtime.settings.uncertain_after), runtime.provider.confirms
    rule = Rule(confirms, wait, ())
    if not (confirms and doubts and _waited(doubts[0], rule, real)):
        return rule
    return replace(rule, heard=telling(_heard(session, doubts[0].since, real)))


def _heard(session: Session, since: datetime, real: RealTime) -> Iterable[Heard]:
    """The mails of which the newest events after `since` tell, and the probes.

    A clock that was put back has left moments in the future: they prove nothing.
    """
    told = (
        select(Event.delivery_id, Event.attempt_id, Event.received_at)
        .where(Event.attempt_id.is_not(None), Event.received_at > since, Event.received_at <= real)
        .order_by(Event.received_at.desc())
        .limit(NEWEST_EVENTS)
        .subquery()
    )
    of_mails = select(Delivery.answered_at, told.c.received_at).where(
        Delivery.id == told.c.delivery_id, Delivery.attempt_id == told.c.attempt_id, Delivery.answered_at <= real
    )
    of_probes = select(Probe.answered_at, Probe.heard_at).where(
        Probe.began_at.between(since, real), Probe.answered_at <= real, Probe.heard_at <= real
    )
    return [Heard._make(row) for question in (of_mails, of_probes) for row in session.execute(question)]


def _written(times: Times, *, copies: bool) -> Mapping[Verdict, Mapping[str, Any]]:
    """The columns of each verdict; what waits stays as it is. `copies`: whether it may arrive twice."""
    again = {"state": "queued", "retry_at": times.real}
    return {
        "taken": {"state": "accepted", "accepted_at": times.now, "why": ""},
        "not taken": again,
        "once more": again
        | {"rounds": Delivery.rounds + 1, "duplicates": Delivery.duplicates + (1 if copies else 0)},
        "given up": {
            "state": "failed",
            "why": "sent " + cast(Delivery.rounds + 1, String) + " times, and no reply came",
        },
    }


def _write(session: Session, doubts: Sequence[Doubt], values: Mapping[str, Any]) -> None:
    """Those that nobody has settled meanwhile, or is settling just now."""
    ids, attempts = [doubt.delivery for doubt in doubts], [doubt.attempt for doubt in doubts]
    free = (
        select(Delivery.id)
        .where(
            among(session, Delivery.id, ids),
            among(session, Delivery.attempt_id, attempts),
            Delivery.state == "uncertain",
        )
        .order_by(Delivery.id)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(Delivery)
        .where(among(session, Delivery.id, session.scalars(free).all()))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
