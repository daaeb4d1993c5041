"""When the lessons of a course come, as one would say it to somebody who is about to begin.

Each sentence is true for everybody who begins with the course's own settings, so that a mail that is the same for
all of them can say it. What one learner's plan is, `forecast` knows. The rules are told in `docs/pace.md`.
"""

from dataclasses import dataclass
from datetime import datetime

from course.content.course import Course
from course.language.words import Words
from course.schedule.forecast import lessons_to_come
from course.schedule.progress import Facts
from course.schedule.reasons import days_taken
from course.schedule.rhythm import EVERY_DAY


@dataclass(frozen=True, slots=True)
class Said:
    """Sentences on when lessons come; `after` is empty for a course of one lesson.

    `first` follows on the request to confirm, `first_confirmed` on a welcome.
    """

    lessons: str
    first: str
    first_confirmed: str
    after: str


def said_of(course: Course, words: Words) -> Said:
    return Said(
        lessons=words.ngettext("You get one lesson.", "You get %(num)s lessons.", len(course.lessons)),
        first=_first(course, words),
        first_confirmed=_first_confirmed(course, words),
        after=_after(course, words),
    )


def fresh(facts: Facts, now: datetime) -> Facts:
    """The facts of who begins with the first lesson now, by the settings they have."""
    untouched = facts._replace(posted={}, completed=frozenset(), nudged=frozenset(), completed_at=None)
    return untouched._replace(state="active", begun_at=now, resumes_on=None, not_before=None)


def begins_at(facts: Facts, now: datetime) -> datetime | None:
    """When the first lesson comes to who begins now; None if at once."""
    first = next(iter(lessons_to_come(fresh(facts, now), now)), None)
    return first.at if first and first.at > now else None


def _first(course: Course, words: Words) -> str:
    if course.start == "at-once":
        return words.ngettext(
            "The lesson follows at once.", "The first lesson follows at once.", len(course.lessons)
        )
    return _first_on_a_later_day(course, words)


def _first_confirmed(course: Course, words: Words) -> str:
    if course.start == "at-once":
        return words.ngettext("It is already on its way.", "The first is already on its way.", len(course.lessons))
    return _first_on_a_later_day(course, words)


def _first_on_a_later_day(course: Course, words: Words) -> str:
    if course.weekdays == EVERY_DAY:
        return words.ngettext(
            "The lesson comes on the day after, at your hour.",
            "The first lesson comes on the day after, at your hour.",
            len(course.lessons),
        )
    return words.ngettext(
        "The lesson comes on a later day, the next of these, at your hour: %(days)s.",
        "The first lesson comes on a later day, the next of these, at your hour: %(days)s.",
        len(course.lessons),
        days=days_taken(course.weekdays, words),
    )


def _after(course: Course, words: Words) -> str:
    days = len(course.lessons)
    if days == 1:
        return ""
    if course.pace == "on-completion":
        return words.gettext("Then each comes as soon as you mark the one before complete.")
    if course.weekdays == EVERY_DAY:
        then = words.gettext("Then one comes each day at your hour, until day %(num)s.", num=days)
    else:
        taken = days_taken(course.weekdays, words)
        then = words.gettext(
            "Then one comes at your hour on each of these days, until day %(num)s: %(days)s.", num=days, days=taken
        )
    return f"{then} {_limit(course, words)}".rstrip()


def _limit(course: Course, words: Words) -> str:
    if course.max_open is None or course.max_open >= len(course.lessons):
        return ""
    return words.ngettext(
        "While a lesson is unfinished, the next one waits for you.",
        "While %(num)s lessons are unfinished, the next one waits for you.",
        course.max_open,
    )
