"""docs/pace.md told again, in the plainest way: day by day, and a day quarter of an hour by quarter of an hour.

It shares no code with `course.schedule`, and is no faster than it must be. Moments are aware and in UTC.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

A_DAY, AN_HOUR, A_QUARTER = timedelta(days=1), timedelta(hours=1), timedelta(minutes=15)
LATE_AFTER = timedelta(hours=2)
REMINDER = "the reminder"


def day_in(zone: str, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=65_536)
def hour_begins(zone: str, day: date, hour: int) -> datetime | None:
    """When clocks there first show that hour, or a later one, on that day; None where the day never was.

    An hour jumped over together with the end of its day is replaced by the last one there was.
    """
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    quarters = [noon + n * A_QUARTER for n in range(-120, 120)]
    shown = [(quarter, quarter.astimezone(ZoneInfo(zone))) for quarter in quarters]
    that_day = [(quarter, clock.hour) for quarter, clock in shown if clock.date() == day]
    if not that_day:
        return None
    last = max(shown for _, shown in that_day)
    return next(quarter for quarter, shown in that_day if shown >= min(hour, last))


@dataclass(frozen=True)
class Came:
    """A lesson that went out: on which day by the calendar of then, and when it arrived (None: on its way)."""

    on: date
    at: datetime | None
    due: datetime
    asked: bool = False


@dataclass(frozen=True)
class Coming:
    """A lesson, or the reminder, and its moment."""

    what: str
    at: datetime


@dataclass
class Learner:
    """All that the rules ask about. Moments before `since` are over: something was changed then (7)."""

    zone: str
    hour: int
    weekdays: frozenset[int]
    minutes: timedelta
    starts: Literal["at-once", "next-day"]
    pace: str
    limit: int | None
    reminds_after: int
    lessons: tuple[str, ...]
    begun: datetime
    since: datetime
    had: dict[str, Came] = field(default_factory=dict)
    done: dict[str, datetime] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    reminded: set[str] = field(default_factory=set)
    state: Literal["learning", "paused", "left", "finished"] = "learning"
    finished: bool = False
    until: date | None = None
    acted: datetime | None = None
    reminder_waits: datetime | None = None

    @property
    def coming(self) -> str | None:
        return next((lesson for lesson in self.lessons if lesson not in self.had), None)

    @property
    def newest(self) -> str:
        return next((lesson for lesson in reversed(self.lessons) if lesson in self.had), "")

    @property
    def on_its_way(self) -> str | None:
        return next((lesson for lesson, came in self.had.items() if came.at is None), None)

    @property
    def last_day(self) -> date:
        """Neither by the calendar they live by nor by one they left (2)."""
        here = [day_in(self.zone, came.at) for came in self.had.values() if came.at is not None]
        return max([came.on for came in self.had.values()] + here, default=day_in(self.zone, self.begun))

    def moments(self, first: date) -> Iterator[datetime]:
        """From that day on."""
        day = first
        while True:
            begins = hour_begins(self.zone, day, self.hour)
            if begins is not None and day.weekday() in self.weekdays:
                yield begins + self.minutes if day_in(self.zone, begins + self.minutes) == day else begins
            day += A_DAY

    def moment(self, first: date, since: datetime) -> datetime:
        return next(moment for moment in self.moments(first) if moment >= since)

    def pauses(self, now: datetime) -> bool:
        """A pause is a date: nothing comes until it begins, where they live (6)."""
        if self.state != "paused":
            return False
        return self.until is None or day_in(self.zone, now) < self.until

    def what_next(self, now: datetime) -> Coming | None:
        """What comes if nothing is done, and when; that may be over, within the two hours (9)."""
        if self.state in ("left", "finished") or (self.state == "paused" and self.until is None):
            return None
        since = max(self.since, now - LATE_AFTER)
        unfinished = [lesson for lesson in self.had if lesson not in self.done]
        if self.coming is None:
            waits = any(lesson not in self.done for lesson in self.lessons)
            return self.reminder(since) if waits else None
        if self.pace == "on-completion" and self.had and self.newest not in self.done:
            return self.reminder(since)
        if self.limit is not None and len(unfinished) >= self.limit:
            return self.reminder(since)
        return Coming(self.coming, self.lesson_at(since))

    def lesson_at(self, since: datetime) -> datetime:
        deed = None
        if not self.had and self.starts == "at-once":
            deed = self.begun
        if self.had and self.pace == "on-completion":
            deed = self.done[self.newest]
        if deed is not None and deed >= since and (self.until is None or day_in(self.zone, deed) >= self.until):
            return deed
        first = self.last_day if deed is not None and not self.had else self.last_day + A_DAY
        return self.moment(max(first, self.until or first), since)

    def reminder(self, since: datetime) -> Coming | None:
        """One for a lesson, never in a pause, never on the day of a deed (10)."""
        if not self.reminds_after or self.newest in self.reminded:
            return None
        first = self.last_day + self.reminds_after * A_DAY
        if self.acted is not None:
            first = max(first, day_in(self.zone, self.acted) + A_DAY)
        return Coming(REMINDER, self.moment(max(first, self.until or first), since))

    def plan(self, now: datetime) -> list[Coming]:
        """All that comes if nothing is done: lessons, and a reminder at last. What is on its way arrives."""
        then, plan = copy.deepcopy(self), []
        for lesson, came in then.had.items():
            then.had[lesson] = Came(came.on, came.at or None, came.due)
        while (coming := then.what_next(now)) is not None:
            now = max(now, coming.at)
            plan.append(Coming(coming.what, now))
            if coming.what == REMINDER:
                break
            then.had[coming.what] = Came(day_in(then.zone, now), now, coming.at)
        return plan

    # What happens.

    def look(self, now: datetime) -> list[str]:
        """The post is looked through: what goes to the workers now."""
        late = [
            lesson
            for lesson, came in self.had.items()
            if came.at is None and not came.asked and came.due < now - LATE_AFTER
        ]
        for lesson in late:
            del self.had[lesson]
        if self.reminder_waits is not None and self.reminder_waits < now - LATE_AFTER:
            self.take_back_reminder()
        goes = []
        while not self.pauses(now) and self.on_its_way is None:
            coming = self.what_next(now)
            if coming is None or coming.at > now:
                break
            goes.append(coming.what)
            if coming.what == REMINDER:
                self.reminded.add(self.newest)
                self.reminder_waits = coming.at
            else:
                self.post(coming.what, now, coming.at)
        return goes

    def post(self, lesson: str, now: datetime, due: datetime, *, asked: bool = False) -> None:
        self.had[lesson] = Came(day_in(self.zone, now), None, due, asked)
        self.tried.add(lesson)

    def arrive(self, now: datetime) -> list[str]:
        """What waited goes, but not to who has left; it is theirs again if they come back."""
        waited = [lesson for lesson, came in self.had.items() if came.at is None]
        reminder = ["nudge"] if self.reminder_waits is not None else []
        self.reminder_waits = None
        for lesson in waited:
            came = self.had.pop(lesson)
            if self.state != "left":
                self.had[lesson] = Came(max(came.on, day_in(self.zone, now)), now, came.due)
        return [] if self.state == "left" else waited + reminder

    def take_back_reminder(self) -> None:
        self.reminder_waits = None
        self.reminded.discard(self.newest)

    # What a learner does.

    def deed(self, now: datetime, owed: bool) -> None:
        """No deed sends a lesson by surprise (7), but what is due already comes, if it may (9). Nobody is reminded
        who has just acted (10)."""
        if self.reminder_waits is not None:
            self.take_back_reminder()
        if not owed:
            self.since = now
        self.acted = now

    def owes(self, now: datetime) -> bool:
        coming = None if self.pauses(now) or self.on_its_way else self.what_next(now)
        return coming is not None and coming.what != REMINDER and coming.at <= now

    def pause_days(self, now: datetime, days: int) -> date:
        """The next day on which a lesson could have come is left out, and those after it (6)."""
        first = self.last_day + A_DAY
        if not self.had and self.starts == "at-once":
            first = day_in(self.zone, now)
        return day_in(self.zone, self.moment(first, now)) + days * A_DAY

    def withdraw(self) -> None:
        """What waits to be sent does not go into a pause (6)."""
        self.had = {lesson: came for lesson, came in self.had.items() if came.at is not None}
        if self.reminder_waits is not None:
            self.take_back_reminder()
