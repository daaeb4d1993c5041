"""What a deed came to, told once on the course page: it travels in the address, so nothing has to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from course.enrolment.registration import read_hour, read_max_open, read_weekdays, read_zone
from course.errors import Errors
from course.models import Enrolment
from course.schedule.progress import PACES
from course.schedule.reasons import PACE_WORDS, days_skipped
from web.language import sentence, words
from web.learner.view.course_values import CoursePage

What = Literal[
    "settings", "paused", "unpausable", "resumed", "next", "next-resumed", "nothing",
    "not-the-next", "restarted", "at-the-beginning",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flash:
    """`undo` has the fields of the form that takes the deed back, and `undo_url` is empty where there is none."""

    sentence: str
    undo_url: str = ""
    undo: tuple[tuple[str, str], ...] = ()


def settings_of(enrolment: Enrolment) -> dict[str, str]:
    """Return an enrolment's settings as the fields of their form."""
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
    """Read what a deed came to from the address; None if it tells nothing, or nothing that we would say."""
    gettext = words().gettext
    match "saved" if "saved" in query else query.get("changed"):
        case "saved":
            return Flash(gettext("Saved."))
        case "settings":
            return _settings(query, page)
        case "paused" if page.state == "paused":
            return Flash(_and_why(gettext("Saved."), page), f"{page.url}/resume")
        case "unpausable":
            return Flash(_and_why(gettext("There is nothing to pause."), page))
        case "resumed":
            return Flash(_and_when(gettext("Your course goes on."), page))
        case "next":
            return Flash(_and_when(gettext("Your next lesson is on its way to your inbox."), page))
        case "next-resumed":
            return Flash(_and_when(gettext("Your next lesson is on its way, and your pause has ended."), page))
        case "nothing":
            return Flash(_and_why(gettext("No further lesson was sent."), page))
        case "not-the-next":
            told = gettext("That button was from an earlier page: its lesson is not the next one any more.")
            return Flash(f"{told} {_and_when(gettext('No further lesson was sent.'), page)}".rstrip())
        case "restarted":
            told = gettext("You begin again with day 1. Your earlier record stays, further down on this page.")
            return Flash(_and_when(told, page))
        case "at-the-beginning":
            return Flash(gettext("There is nothing to begin again: you are at the beginning."))
    return None


def _settings(query: Mapping[str, str], page: CoursePage) -> Flash | None:
    """What changed between the settings in the address, which anybody may have typed, and those in force."""
    errors: Errors = {}
    zone, hour = read_zone(query.get("zone", ""), errors), read_hour(query.get("hour", ""), errors)
    weekdays = read_weekdays(query.get("weekdays", ""), errors)
    limit = read_max_open(query.get("max_open", ""), errors)
    pace = query.get("pace", "")
    if errors or pace not in PACES:
        return None
    tracking = query.get("tracking") == "1"
    changed = [
        (hour, page.hour, words().gettext("they come at %(time)s", time=f"{page.hour}:00")),
        (zone, page.zone, words().gettext("the clock is %(zone)s", zone=words().zone(page.zone))),
        (frozenset(map(int, weekdays)), page.weekdays, _days(page.weekdays)),
        (pace, page.pace, words().of(PACE_WORDS[page.pace])),
        (limit, page.max_open, _limit(page.max_open)),
        (tracking, page.tracking, _tracking(page.tracking)),
    ]
    new = [told for before, now, told in changed if before != now]
    if not new:
        return Flash(words().gettext("Saved. Nothing has changed."))
    undo = [("zone", zone), ("hour", str(hour)), ("pace", pace), ("max_open", str(limit or ""))]
    undo += [("weekdays", day) for day in weekdays] + [("tracking", "1" if tracking else "0")]
    told = words().gettext("Saved. New: %(changes)s.", changes="; ".join(new))
    return Flash(_and_when(told, page), f"{page.url}/settings", tuple(undo))


def _days(weekdays: frozenset[int]) -> str:
    if len(weekdays) == 7:
        return words().gettext("lessons come on all days")
    return days_skipped(weekdays, words())


def _limit(limit: int | None) -> str:
    if not limit:
        return words().gettext("no limit of unfinished days")
    return words().ngettext(
        "no more than one unfinished at a time", "no more than %(num)s unfinished at a time", limit
    )


def _tracking(tracking: bool) -> str:
    if tracking:
        return words().gettext("opens and clicks are counted")
    return words().gettext("opens and clicks are not counted")


def _and_why(told: str, page: CoursePage) -> str:
    return f"{told} {sentence(page.why)}" if page.why else told


def _and_when(told: str, page: CoursePage) -> str:
    return f"{told} {_coming(page)}"


def _coming(page: CoursePage) -> str:
    if page.planned and page.planned.under_way:
        return words().gettext("It is on its way to your inbox.")
    if page.planned:
        return words().gettext(
            "Day %(day)s comes on %(moment)s, because %(why)s.",
            day=page.planned.day,
            moment=page.planned.when,
            why=page.planned.why,
        )
    return sentence(page.why) if page.why else ""
