"""Why a lesson comes when it does, and what it waits for, as one would say it to the learner."""

from collections.abc import Iterable

from course.progress import Because, Facts, Finished, Nudge, Wait
from course.schedule import Rhythm
from course.words import WEEKDAYS, moment_in_words, zone_in_words

WEEKEND = frozenset({5, 6})
MOST_SKIPPED = 2


def because(why: Because, rhythm: Rhythm) -> str:
    """What follows "because": `you skip week-ends`."""
    match why:
        case "at-once":
            return "the first one comes at once"
        case "daily":
            return f"you take one a day, at {rhythm.hour}:00 {zone_in_words(rhythm.zone)}"
        case "weekdays":
            return days_skipped(rhythm.weekdays)
        case "dates":
            return "no date brings two, wherever you travel"
        case "pause":
            return "your pause ends then"
        case "absence":
            return "you go on with one a day, and miss none"
        case "completed":
            return "the one before it is complete"
        case "asked":
            return "you asked for it"


def days_skipped(weekdays: frozenset[int]) -> str:
    """`you skip week-ends`, `you skip Tuesdays`, `you take them on Mondays and Thursdays`"""
    skipped = frozenset(range(7)) - weekdays
    if skipped == WEEKEND:
        return "you skip week-ends"
    if len(skipped) <= MOST_SKIPPED:
        return f"you skip {_listed(skipped)}"
    return f"you take them on {_listed(weekdays)}"


def _listed(weekdays: Iterable[int]) -> str:
    names = [f"{WEEKDAYS[day]}s" for day in sorted(weekdays)]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def waiting_for(step: Wait | Nudge | Finished, facts: Facts) -> str:
    """What stands between the learner and the next lesson."""
    if isinstance(step, Finished):
        return "every lesson has been sent"
    match step.why:
        case "unconfirmed":
            return "your address has not been confirmed"
        case "left":
            return "you have left the course"
        case "restarted":
            return "you have begun again since"
        case "paused":
            return _paused(step, facts)
        case "moved":
            return "the course has new lessons for you, and goes on at your usual hour"
        case "under-way":
            return f"{_day(step.lesson, facts)} is still on its way"
        case "undelivered":
            return f"{_day(step.lesson, facts)} could not be delivered"
        case "incomplete":
            return f"it comes as soon as you mark {_day(step.lesson, facts)} complete"
        case "limit":
            return f"it comes when fewer than {facts.max_open} days wait to be completed"
        case "all-sent":
            return "every lesson has been sent"


def _paused(step: Wait | Nudge, facts: Facts) -> str:
    if isinstance(step, Wait) and step.until is not None:
        return f"the course is paused until {moment_in_words(step.until, facts.rhythm.zone)}"
    return "the course is paused until you go on"


def _day(lesson: str, facts: Facts) -> str:
    return f"day {facts.lessons.index(lesson) + 1}" if lesson in facts.lessons else "a lesson"
