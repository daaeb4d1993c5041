"""Deeds of a rehearsed learner, as one types them: `pause 3 on 2026-03-04`. Text in, deeds out."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from course.content.course import Course
from course.content.weekdays import read_weekdays
from course.enrolment.registration import LONGEST_PAUSE_DAYS, MOST_OPEN, available_zones
from course.schedule.forecast import day_after_pause
from course.schedule.life import Change, Deed, completing
from course.schedule.progress import UNDER_WAY, Facts, State

TYPED = re.compile(r"(?P<what>\S.*?)\s+on\s+(?P<day>\d{4}-\d\d-\d\d)(?:\s+at\s+(?P<time>\d{1,2}:\d\d))?")
NOON = time(12)
KNOWN = (
    "pause DAYS, pause until DATE, pause, resume, next, leave, come back, complete DAY, hour HOUR, zone ZONE,"
    " weekdays mon-fri, pace daily, pace on-completion, limit NUMBER, no limit"
)
EXAMPLE = "write it such as `pause 3 on 2026-03-04` or `hour 18 on 2026-03-04 at 9:30`"


def read_deeds(typed: Sequence[str], course: Course, zone: str) -> list[Deed]:
    """In the order of their moments; without a time it is noon. Raises ValueError with a sentence."""
    return sorted(_read(text, number, course, zone) for number, text in enumerate(typed))


def _read(text: str, number: int, course: Course, zone: str) -> Deed:
    found = TYPED.fullmatch(" ".join(text.split()))
    if not found:
        raise ValueError(f"`{text}` names no day: {EXAMPLE}.")
    try:
        day = date.fromisoformat(found["day"])
        clock = time.fromisoformat(found["time"].zfill(5)) if found["time"] else NOON
    except ValueError:
        raise ValueError(f"`{text}` has a day or a time that is none: {EXAMPLE}.") from None
    what, _, value = found["what"].partition(" ")
    maker = DEEDS.get(what)
    try:
        if maker is None:
            raise ValueError
        return Deed(datetime.combine(day, clock, ZoneInfo(zone)), number, maker(value, course), what == "complete")
    except ValueError:
        raise ValueError(f"`{found['what']}` is no deed that can be rehearsed; known are {KNOWN}.") from None


def _number(text: str, most: int) -> int:
    number = int(text)
    if not 0 <= number <= most:
        raise ValueError
    return number


def _pause(value: str, _: Course) -> Change:
    if not value:
        return _set(state="paused", resumes_on=None)
    if value.startswith("until "):
        return _set(state="paused", resumes_on=date.fromisoformat(value.removeprefix("until ")))
    days = _number(value, LONGEST_PAUSE_DAYS)
    return lambda facts, now: _set(state="paused", resumes_on=day_after_pause(facts, now, days))(facts, now)


def _set(**changes: Any) -> Change:
    """For who is under way."""
    return lambda facts, _: facts._replace(**changes) if facts.state in UNDER_WAY else facts


def _only(value: str, change: Change | None) -> Change | None:
    if value:
        raise ValueError
    return change


def _from_to(before: State, after: State) -> Change:
    return lambda facts, _: facts._replace(state=after, resumes_on=None) if facts.state == before else facts


def _rhythm(**changes: Any) -> Change:
    def change(facts: Facts, _: datetime) -> Facts:
        return facts._replace(rhythm=facts.rhythm._replace(**changes))

    return change


def _zone(value: str, _: Course) -> Change:
    if value not in available_zones():
        raise ValueError
    return _rhythm(zone=value)


def _complete(value: str, course: Course) -> Change:
    number = _number(value, len(course.lessons))
    return completing(course.lessons[number - 1].slug)


def _pace(value: str, _: Course) -> Change:
    if value not in ("daily", "on-completion"):
        raise ValueError
    return _set(pace=value)


DEEDS: Mapping[str, Callable[[str, Course], Change | None]] = {
    "pause": _pause,
    "resume": lambda value, _: _only(value, _from_to("paused", "active")),
    "next": lambda value, _: _only(value, None),
    "leave": lambda value, _: _only(value, _set(state="left")),
    "come": lambda value, _: _only(value.removeprefix("back"), _from_to("left", "active")),
    "complete": _complete,
    "hour": lambda value, _: _rhythm(hour=_number(value, 23)),
    "zone": _zone,
    "weekdays": lambda value, course: _rhythm(weekdays=read_weekdays(value, course.language)),
    "pace": _pace,
    "limit": lambda value, _: _set(max_open=max(1, _number(value, MOST_OPEN))),
    "no": lambda value, _: _only(value.removeprefix("limit"), _set(max_open=None)),
}
