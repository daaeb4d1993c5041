"""What a deed came to, told once on the course page: it travels in the address, so nothing has to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from course.models import Enrolment
from course.progress import PACES
from course.reasons import days_skipped
from course.registration import read_hour, read_max_open, read_weekdays, read_zone
from course.words import zone_in_words
from web.shown import CoursePage

What = Literal[
    "settings", "paused", "unpausable", "resumed", "next", "next-resumed", "nothing", "restarted",
    "at-the-beginning",
]  # fmt: skip

PACE_WORDS = {"daily": "one lesson a day", "on-completion": "the next lesson when you complete one"}


@dataclass(frozen=True, slots=True)
class Flash:
    """`undo` has the fields of the form that takes the deed back, and `undo_url` is empty where there is none."""

    words: str
    undo_url: str = ""
    undo: tuple[tuple[str, str], ...] = ()


def settings_of(enrolment: Enrolment) -> dict[str, str]:
    """As the fields of the settings form."""
    return {
        "zone": enrolment.zone,
        "hour": str(enrolment.hour),
        "weekdays": enrolment.weekdays,
        "pace": enrolment.pace,
        "max_open": str(enrolment.max_open or ""),
        "tracking": "1" if enrolment.tracking else "0",
    }


def told_by(url: str, what: What, before: Mapping[str, str] | None = None) -> str:
    """The address of the course page that tells it. `before` are the settings that can be had back."""
    return f"{url}?{urlencode({'changed': what, **(before or {})})}"


def read_flash(query: Mapping[str, str], page: CoursePage) -> Flash | None:
    """None for an address that tells nothing, or nothing that we would say."""
    match "saved" if "saved" in query else query.get("changed"):
        case "saved":
            return Flash("Saved.")
        case "settings":
            return _settings(query, page)
        case "paused" if page.state == "paused":
            return Flash(f"Saved. {_sentence(page.why)}", f"{page.url}/resume")
        case "unpausable":
            return Flash(f"There is nothing to pause: {page.why or 'no lessons are planned'}.")
        case "resumed":
            return Flash(f"Your course goes on. {_coming(page)}")
        case "next":
            return Flash(f"Your next lesson is on its way to your inbox. {_coming(page)}")
        case "next-resumed":
            return Flash(f"Your next lesson is on its way, and your pause has ended. {_coming(page)}")
        case "nothing":
            return Flash(f"No further lesson was sent: {page.why or 'that one went out a moment ago'}.")
        case "restarted":
            return Flash("You begin again with day 1. Your earlier record stays, further down on this page.")
        case "at-the-beginning":
            return Flash("There is nothing to begin again: you are at the beginning.")
    return None


def _settings(query: Mapping[str, str], page: CoursePage) -> Flash | None:
    """What changed between the settings in the address, which anybody may have typed, and those in force."""
    errors: dict[str, str] = {}
    zone, hour = read_zone(query.get("zone", ""), errors), read_hour(query.get("hour", ""), errors)
    weekdays = read_weekdays(query.get("weekdays", ""), errors)
    limit = read_max_open(query.get("max_open", ""), errors)
    pace = query.get("pace", "")
    if errors or pace not in PACES:
        return None
    tracking = query.get("tracking") == "1"
    changed = [
        (hour, page.hour, f"they come at {page.hour}:00"),
        (zone, page.zone, f"the clock is {zone_in_words(page.zone)}"),
        (frozenset(map(int, weekdays)), page.weekdays, _days(page.weekdays)),
        (pace, page.pace, PACE_WORDS[page.pace]),
        (limit, page.max_open, _limit(page.max_open)),
        (tracking, page.tracking, f"opens and clicks are {'' if page.tracking else 'not '}counted"),
    ]
    new = [words for before, now, words in changed if before != now]
    if not new:
        return Flash("Saved. Nothing has changed.")
    undo = [("zone", zone), ("hour", str(hour)), ("pace", pace), ("max_open", str(limit or ""))]
    undo += [("weekdays", day) for day in weekdays] + [("tracking", "1" if tracking else "0")]
    return Flash(f"Saved. New: {'; '.join(new)}. {_coming(page)}", f"{page.url}/settings", tuple(undo))


def _days(weekdays: frozenset[int]) -> str:
    return days_skipped(weekdays) if len(weekdays) < 7 else "lessons come on all days"


def _limit(limit: int | None) -> str:
    return f"no more than {limit} unfinished at a time" if limit else "no limit of unfinished days"


def _coming(page: CoursePage) -> str:
    if page.planned:
        return f"Day {page.planned.day} comes on {page.planned.when}, because {page.planned.why}."
    return _sentence(page.why) if page.why else ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
