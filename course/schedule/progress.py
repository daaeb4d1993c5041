"""What comes next for one learner, and why: a pure decision over plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from course.schedule.rhythm import A_DAY, Rhythm, first_moment, local_date

Pace = Literal["daily", "on-completion"]
PACES: tuple[Pace, ...] = ("daily", "on-completion")
State = Literal["pending", "active", "paused", "finished", "left", "restarted"]
UNDER_WAY: tuple[State, ...] = ("active", "paused")
Because = Literal["at-once", "daily", "weekdays", "dates", "pause", "absence", "completed", "asked"]
"""Why a lesson comes when it does; `course.reasons` has the words."""
Obstacle = (
    Literal["unconfirmed", "left", "restarted", "paused", "moved"]
    | Literal["under-way", "undelivered", "incomplete", "limit", "all-sent"]
)
"""What the next lesson waits for."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A lesson that has been handed to the mailer: its local date, and when the provider took it.

    `accepted_at` is None while it is under way, and while it has `failed` (or was cancelled). `had_at` is when the
    learner had a failed one all the same: opened it, completed it, or was mailed it again.
    """

    on: date
    accepted_at: datetime | None
    failed: bool = False
    had_at: datetime | None = None

    @property
    def came_at(self) -> datetime | None:
        """When it came to the learner, by whatever way."""
        return self.accepted_at or self.had_at


class Facts(NamedTuple):
    """All that decides what a learner gets next. Moments are aware and in UTC.

    `begun_at` is when the address was confirmed; nothing is sent while the state is pending, or before
    `not_before`. `nudged` has the lessons after which a nudge went out; None or 0 days: no nudge ever.
    """

    lessons: tuple[str, ...]
    posted: Mapping[str, Posted]
    completed: frozenset[str]
    rhythm: Rhythm
    state: State
    begun_at: datetime
    start: Literal["at-once", "next-day"] = "at-once"
    pace: Pace = "daily"
    max_open: int | None = None
    paused_until: datetime | None = None
    not_before: datetime | None = None
    nudge_days: int | None = None
    nudged: frozenset[str] = frozenset()

    @property
    def newest(self) -> str:
        """The lesson sent last, since they go out in their order; empty before the first."""
        return next((slug for slug in reversed(self.lessons) if slug in self.posted), "")


@dataclass(frozen=True, slots=True)
class Send:
    """This lesson, at this moment (which may have passed: then now)."""

    lesson: str
    at: datetime
    why: Because


@dataclass(frozen=True, slots=True)
class Wait:
    """A state with nothing to send. It is looked at again at `until`, or when something happens if that is None.

    `lesson` is the one that stands in the way, where there is one.
    """

    until: datetime | None
    why: Obstacle
    lesson: str = ""


@dataclass(frozen=True, slots=True)
class Nudge:
    """One reminder of `lesson`, the newest one out, if nothing is done before this moment."""

    lesson: str
    at: datetime
    why: Obstacle


@dataclass(frozen=True, slots=True)
class Finished:
    """Every lesson of the edition has been sent, and there is nothing to remind of."""


Step = Send | Wait | Nudge | Finished

UNDER_WAY_RECHECK = timedelta(minutes=5)


def next_step(facts: Facts, now: datetime) -> Step:
    """The next lesson and its moment, or what is being waited for."""
    waiting = _standing_still(facts, now)
    if waiting is not None:
        return waiting
    coming = _coming(facts)
    if coming is None or facts.state == "finished":
        return _all_sent(facts, now)
    stuck = _stuck(facts, now)
    if stuck is not None:
        return stuck
    if facts.pace == "on-completion" and facts.posted and facts.newest not in facts.completed:
        return _held(facts, "incomplete", now)
    unfinished = [slug for slug in facts.posted if slug not in facts.completed]
    if facts.max_open is not None and len(unfinished) >= facts.max_open:
        return _held(facts, "limit", now)
    return _dated(facts, coming, now)


def asked(facts: Facts, now: datetime) -> Send | Wait | Finished:
    """The next lesson at once, whatever hour, pause and limit say; never before the one under way has come."""
    if facts.state not in UNDER_WAY:
        return _standing_still(facts, now) or Finished()
    coming = _coming(facts)
    if coming is None:
        return Finished()
    return _stuck(facts, now) or Send(coming, now, "asked")


def _coming(facts: Facts) -> str | None:
    return next((slug for slug in facts.lessons if slug not in facts.posted), None)


def _standing_still(facts: Facts, now: datetime) -> Wait | None:
    match facts.state:
        case "pending":
            return Wait(None, "unconfirmed")
        case "left" | "restarted":
            return Wait(None, facts.state)
        case "paused" if facts.paused_until is None:
            return Wait(None, "paused")
        case _ if facts.paused_until is not None and facts.paused_until > now:
            return Wait(facts.paused_until, "paused")
        case _ if facts.not_before is not None and facts.not_before > now:
            return Wait(facts.not_before, "moved")
    return None


def _stuck(facts: Facts, now: datetime) -> Wait | None:
    for slug, posted in facts.posted.items():
        if posted.came_at is not None:
            continue
        if not posted.failed:
            return Wait(now + UNDER_WAY_RECHECK, "under-way", slug)
        # One that is no longer theirs could be neither opened nor mailed again.
        if slug in facts.lessons:
            return Wait(None, "undelivered", slug)
    return None


def _held(facts: Facts, why: Obstacle, now: datetime) -> Wait | Nudge:
    """Only a deed of the learner moves this on; they are reminded once."""
    if not facts.nudge_days or facts.newest in facts.nudged:
        return Wait(None, why, facts.newest)
    earliest = max(last_day(facts) + timedelta(days=facts.nudge_days), local_date(now, facts.rhythm.zone))
    return Nudge(facts.newest, first_moment(facts.rhythm, earliest), why)


def _all_sent(facts: Facts, now: datetime) -> Nudge | Finished:
    """One reminder for who has every lesson and has not completed them all."""
    if facts.state == "finished" or facts.completed >= set(facts.lessons):
        return Finished()
    step = _held(facts, "all-sent", now)
    return step if isinstance(step, Nudge) else Finished()


def _dated(facts: Facts, coming: str, now: datetime) -> Send:
    if not facts.posted and facts.start == "at-once":
        return Send(coming, facts.begun_at, "at-once")
    if facts.posted and facts.pace == "on-completion":
        return Send(coming, now, "completed")
    last = last_day(facts)
    at = first_moment(facts.rhythm, max(last + A_DAY, local_date(now, facts.rhythm.zone)))
    return Send(coming, at, _because(facts, last, local_date(at, facts.rhythm.zone)))


def last_day(facts: Facts) -> date:
    """The latest local date with a lesson, by the zone of then and by the zone of today.

    Somebody who flies across the date line gets no second lesson on either calendar.
    """
    days = [posted.on for posted in facts.posted.values()]
    return max([*days, *_days_here(facts)], default=local_date(facts.begun_at, facts.rhythm.zone))


def _days_here(facts: Facts) -> list[date]:
    zone = facts.rhythm.zone
    return [local_date(p.came_at, zone) for p in facts.posted.values() if p.came_at is not None]


def _because(facts: Facts, last: date, day: date) -> Because:
    """Why a lesson comes on this day, after one on the `last`, and on no earlier day."""
    zone = facts.rhythm.zone
    # Nothing can be earlier than the next day; the rest is asked for thousands at once.
    usual = day if day == last + A_DAY else local_date(first_moment(facts.rhythm, last + A_DAY), zone)
    if day > usual:
        paused = facts.paused_until is not None and local_date(facts.paused_until, zone) > last
        return "pause" if paused else "absence"
    skipped = [last + n * A_DAY for n in range(1, (usual - last).days)]
    if any(day.weekday() not in facts.rhythm.weekdays for day in skipped):
        return "weekdays"
    # A date the zone never had, or one that already had its lesson on the calendar left behind.
    return "dates" if skipped or last > max(_days_here(facts), default=last) else "daily"
