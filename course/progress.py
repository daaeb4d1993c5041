"""What comes next for one learner, and why: a pure decision over plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from course.schedule import Rhythm, first_moment, local_date
from course.words import zone_in_words

Pace = Literal["daily", "on-completion"]
PACES: tuple[Pace, ...] = ("daily", "on-completion")
State = Literal["pending", "active", "paused", "finished", "left"]


@dataclass(frozen=True, slots=True)
class Posted:
    """A lesson that has been handed to the mailer: its local date, and when the provider took it.

    `accepted_at` is None while it is under way, and while it has `failed` (or was cancelled).
    """

    on: date
    accepted_at: datetime | None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides what a learner gets next. Moments are aware and in UTC.

    `begun_at` is when the address was confirmed; nothing is sent while the state is pending.
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


@dataclass(frozen=True, slots=True)
class Send:
    """This lesson, at this moment (which may have passed: then now)."""

    lesson: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to send; look again at `until`, or when something happens if that is None."""

    until: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Every lesson of the edition has been sent."""

    why: str = "every lesson has been sent"


Step = Send | Wait | Finished

UNDER_WAY_RECHECK = timedelta(minutes=5)


def next_step(facts: Facts, now: datetime) -> Step:
    """The next lesson and its moment, or what is being waited for."""
    waiting = _reason_to_wait(facts, now)
    if waiting is not None:
        return waiting
    coming = next((slug for slug in facts.lessons if slug not in facts.posted), None)
    if coming is None:
        return Finished()
    for slug, posted in facts.posted.items():
        if posted.failed:
            return Wait(None, f"{slug} could not be delivered")
        if posted.accepted_at is None:
            return Wait(now + UNDER_WAY_RECHECK, f"{slug} is still on its way")
    open_lessons = [slug for slug in facts.posted if slug not in facts.completed]
    if facts.pace == "on-completion" and open_lessons:
        return Wait(None, f"the next lesson comes when {open_lessons[-1]} is complete")
    if facts.max_open is not None and len(open_lessons) >= facts.max_open:
        return Wait(None, f"{len(open_lessons)} lessons are waiting to be completed")
    return _dated(facts, coming, now)


def _reason_to_wait(facts: Facts, now: datetime) -> Wait | None:
    if facts.state == "pending":
        return Wait(None, "the address has not been confirmed")
    if facts.state == "left":
        return Wait(None, "the learner has left the course")
    if facts.paused_until is not None and facts.paused_until > now:
        return Wait(facts.paused_until, "the course is paused")
    if facts.state == "paused" and facts.paused_until is None:
        return Wait(None, "the course is paused")
    return None


def _dated(facts: Facts, coming: str, now: datetime) -> Send:
    if not facts.posted and facts.start == "at-once":
        return Send(coming, facts.begun_at, "the first lesson comes at once")
    if facts.posted and facts.pace == "on-completion":
        return Send(coming, now, "the lesson before it is complete")
    earliest = max(_last_day(facts) + timedelta(days=1), local_date(now, facts.rhythm.zone))
    at = first_moment(facts.rhythm, earliest)
    return Send(coming, at, _why(facts, earliest, local_date(at, facts.rhythm.zone)))


def _last_day(facts: Facts) -> date:
    """The latest local date with a lesson, by the zone of then and by the zone of today.

    Somebody who flies across the date line gets no second lesson on either calendar.
    """
    zone = facts.rhythm.zone
    days = [posted.on for posted in facts.posted.values()]
    days += [local_date(p.accepted_at, zone) for p in facts.posted.values() if p.accepted_at is not None]
    return max(days, default=local_date(facts.begun_at, zone))


def _why(facts: Facts, earliest: date, day: date) -> str:
    if day > earliest:
        return "the next day on which you take lessons"
    return f"one lesson a day, at {facts.rhythm.hour}:00 {zone_in_words(facts.rhythm.zone)}"


def plan(facts: Facts, now: datetime) -> tuple[Send, ...]:
    """The lessons still to come with their moments, as things stand now."""
    planned: list[Send] = []
    moment = now
    while True:
        step = next_step(_as_if_opened(facts), moment)
        if isinstance(step, Wait) and step.until is not None and step.until > moment:
            moment = step.until
            continue
        if not isinstance(step, Send):
            return tuple(planned)
        step = replace(step, at=max(step.at, moment))
        planned.append(step)
        moment = step.at
        posted = {**facts.posted, step.lesson: Posted(local_date(step.at, facts.rhythm.zone), step.at)}
        facts = replace(facts, posted=posted, completed=facts.completed | {step.lesson})


def _as_if_opened(facts: Facts) -> Facts:
    """For a forecast: mail under way will arrive, and lessons will be completed in time."""
    posted = {slug: assume_accepted(posted, facts.rhythm) for slug, posted in facts.posted.items()}
    return replace(facts, posted=posted, pace="daily", max_open=None)


def assume_accepted(posted: Posted, rhythm: Rhythm) -> Posted:
    """The same lesson as if it had arrived on its day."""
    if posted.accepted_at is not None:
        return posted
    return replace(posted, accepted_at=first_moment(rhythm, posted.on), failed=False)
