"""What comes next for one learner, and why: a pure decision over plain values."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from course.schedule.rhythm import A_DAY, Rhythm, first_moment, local_date, midnight, next_moment

Pace = Literal["daily", "on-completion"]
PACES: tuple[Pace, ...] = ("daily", "on-completion")
State = Literal["pending", "active", "paused", "finished", "left", "restarted"]
UNDER_WAY: tuple[State, ...] = ("active", "paused")
Because = Literal["at-once", "daily", "weekdays", "dates", "pause", "absence", "completed", "asked"]
"""Why a lesson comes when it does; `course.reasons` has the words."""
Obstacle = (
    Literal["unconfirmed", "left", "restarted", "paused"]
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

    `begun_at` is when the address was confirmed; nothing is sent while the state is pending. `completed_at` is
    when the newest lesson was completed. A pause is a date: `resumes_on` is the first one on which lessons may
    come again. Moments before `not_before` do not count any more: the plan was changed then. What could not leave
    within its `grace` waits for the learner's next moment. `acted_at` is the learner's last
    deed that may have moved the plan: no nudge comes on that day. `nudged` has the lessons after which one went
    out; None or 0 `nudge_days`: none ever.
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
    completed_at: datetime | None = None
    resumes_on: date | None = None
    not_before: datetime | None = None
    acted_at: datetime | None = None
    grace: timedelta = timedelta(hours=2)
    nudge_days: int | None = None
    nudged: frozenset[str] = frozenset()

    @property
    def newest(self) -> str:
        """The lesson sent last; empty before the first."""
        return newest(self.lessons, self.posted)

    @property
    def resumes_at(self) -> datetime | None:
        """The moment at which a pause until a date is over: when that day begins where the learner lives."""
        return None if self.resumes_on is None else midnight(self.resumes_on, self.rhythm.zone)


def newest(lessons: Sequence[str], posted: Container[str]) -> str:
    """The lesson sent last, since they go out in their order; empty before the first."""
    return next((slug for slug in reversed(lessons) if slug in posted), "")


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
        case "paused" if facts.resumes_on is None:
            return Wait(None, "paused")
        case _ if facts.resumes_at is not None and facts.resumes_at > now:
            return Wait(facts.resumes_at, "paused")
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
    earliest = last_day(facts) + timedelta(days=facts.nudge_days)
    earliest = max(earliest, facts.resumes_on or earliest)
    if facts.acted_at is not None:
        earliest = max(earliest, local_date(facts.acted_at, facts.rhythm.zone) + A_DAY)
    return Nudge(facts.newest, next_moment(facts.rhythm, earliest, _floor(facts, now)), why)


def _floor(facts: Facts, now: datetime) -> datetime:
    """The moment before which nothing can be planned any more: it is too late for it, or the plan has changed."""
    late = now - facts.grace
    return late if facts.not_before is None else max(late, facts.not_before)


def _all_sent(facts: Facts, now: datetime) -> Wait | Nudge | Finished:
    """One reminder for who has every lesson and has not completed them all."""
    if facts.state == "finished" or facts.completed >= set(facts.lessons):
        return Finished()
    step = _held(facts, "all-sent", now)
    if not isinstance(step, Nudge):
        return Finished()
    # Nobody is reminded of what has not come.
    stuck = _stuck(facts, now)
    return stuck if stuck is not None and stuck.why == "under-way" else step


def _dated(facts: Facts, coming: str, now: datetime) -> Send:
    floor = _floor(facts, now)
    deed = _deed(facts)
    if deed is not None and deed.at >= floor and not _paused_since(facts, deed.at):
        return replace(deed, lesson=coming)
    last = last_day(facts)
    # A first lesson that could not come at once may still come on the day the course began.
    earliest = last if deed is not None and not facts.posted else last + A_DAY
    at = next_moment(facts.rhythm, max(earliest, facts.resumes_on or earliest), floor)
    day = local_date(at, facts.rhythm.zone)
    if deed is None or _paused_since(facts, deed.at):
        return Send(coming, at, _because(facts, last, day))
    return Send(coming, at, deed.why if facts.posted else "absence")


def _deed(facts: Facts) -> Send | None:
    """What brings the next lesson at once, whatever the hour; None where it comes by the rhythm."""
    if not facts.posted:
        return Send("", facts.begun_at, "at-once") if facts.start == "at-once" else None
    if facts.pace == "on-completion" and facts.completed_at is not None:
        return Send("", facts.completed_at, "completed")
    return None


def _paused_since(facts: Facts, at: datetime) -> bool:
    return facts.resumes_on is not None and facts.resumes_on > local_date(at, facts.rhythm.zone)


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
    steered = local_date(facts.not_before, zone) if facts.not_before is not None else last
    # Nothing can be earlier than the next day; the rest is asked for thousands at once.
    usual = day if day == last + A_DAY else local_date(first_moment(facts.rhythm, last + A_DAY), zone)
    if day > usual and facts.resumes_on is not None and facts.resumes_on > max(last, steered):
        return "pause"
    if day > usual and day > local_date(first_moment(facts.rhythm, steered + A_DAY), zone):
        return "absence"
    since = max(last, steered) if day > usual else last
    skipped = [since + n * A_DAY for n in range(1, (day - since).days)]
    if any(one.weekday() not in facts.rhythm.weekdays for one in skipped):
        return "weekdays"
    # A date the zone never had, or one that already had its lesson on the calendar left behind.
    return "dates" if skipped or last > max(_days_here(facts), default=last) else "daily"
