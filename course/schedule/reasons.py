"""Why a lesson comes when it does, and what it waits for, as one would say it to the learner."""

from collections.abc import Iterable, Mapping

from course.language.words import Phrase, Words
from course.schedule.progress import Because, Facts, Finished, Nudge, Wait
from course.schedule.rhythm import Rhythm, local_date

WEEKEND = frozenset({5, 6})
MOST_SKIPPED = 2
STILL_OPEN = Phrase("days wait to be completed, if they still do then")
PACE_WORDS: Mapping[str, Phrase] = {
    "daily": Phrase("one lesson a day"),
    "on-completion": Phrase("the next lesson when one is complete"),
}


def because(why: Because, rhythm: Rhythm, words: Words) -> str:
    """Say what follows the word "because", such as `you skip week-ends`."""
    match why:
        case "at-once":
            return words.gettext("the first one comes at once")
        case "daily":
            time, zone = f"{rhythm.hour}:00", words.zone(rhythm.zone)
            return words.gettext("you take one a day, at %(time)s %(zone)s", time=time, zone=zone)
        case "weekdays":
            return days_skipped(rhythm.weekdays, words)
        case "dates":
            return words.gettext("no date brings two, wherever you travel")
        case "pause":
            return words.gettext("your pause ends then")
        case "absence":
            return words.gettext("you go on with one a day, and miss none")
        case "completed":
            return words.gettext("the one before it is complete")
        case "asked":
            return words.gettext("you asked for it")


def days_skipped(weekdays: frozenset[int], words: Words) -> str:
    """`you skip week-ends`, `you skip Tuesday`, `you take them on Monday and Thursday`"""
    skipped = frozenset(range(7)) - weekdays
    if skipped == WEEKEND:
        return words.gettext("you skip week-ends")
    if len(skipped) <= MOST_SKIPPED:
        return words.gettext("you skip %(days)s", days=_listed(skipped, words))
    return words.gettext("you take them on %(days)s", days=_listed(weekdays, words))


def days_taken(weekdays: frozenset[int], words: Words) -> str:
    """`every day`, `Monday to Friday`, `every day but Sunday`, `Monday and Thursday`"""
    if len(weekdays) == 7:
        return words.gettext("every day")
    if weekdays == frozenset(range(5)):
        return words.gettext("%(first)s to %(last)s", first=words.weekdays[0], last=words.weekdays[4])
    if len(weekdays) == 6:
        return words.gettext("every day but %(day)s", day=_listed(frozenset(range(7)) - weekdays, words))
    return _listed(weekdays, words)


def _listed(weekdays: Iterable[int], words: Words) -> str:
    return words.listed([words.weekdays[day] for day in sorted(weekdays)])


def waiting_for(step: Wait | Nudge | Finished, facts: Facts, words: Words) -> str:
    """Say what stands between the learner and the next lesson."""
    if isinstance(step, Finished):
        return words.gettext("every lesson has been sent")
    match step.why:
        case "unconfirmed":
            return words.gettext("your address has not been confirmed")
        case "left":
            return words.gettext("you have left the course")
        case "restarted":
            return words.gettext("you have begun again since")
        case "paused":
            return _paused(step, facts, words)
        case "under-way":
            return words.gettext("day %(day)s is still on its way", day=_day(step.lesson, facts))
        case "undelivered":
            return words.gettext("day %(day)s could not be delivered", day=_day(step.lesson, facts))
        case "incomplete":
            return words.gettext("it comes as soon as you mark day %(day)s complete", day=_day(step.lesson, facts))
        case "limit":
            return words.ngettext(
                "it comes when no day waits to be completed",
                "it comes when fewer than %(num)s days wait to be completed",
                facts.max_open or 1,
            )
        case "all-sent":
            return words.gettext("every lesson has been sent")


def _paused(step: Wait | Nudge, facts: Facts, words: Words) -> str:
    if isinstance(step, Wait) and step.until is not None:
        day = words.day(local_date(step.until, facts.rhythm.zone))
        return words.gettext("the course is paused until %(day)s", day=day)
    return words.gettext("the course is paused until you go on")


def _day(lesson: str, facts: Facts) -> int:
    """A lesson that was sent and is no longer part of the edition counts as the newest."""
    return facts.lessons.index(lesson) + 1 if lesson in facts.lessons else len(facts.posted)
