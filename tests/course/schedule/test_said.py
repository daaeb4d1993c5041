"""What is said of a course before it begins is what then happens, in every language."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest

from course.content.course import Course
from course.language.catalogues import LANGUAGES, words_in
from course.schedule.forecast import lessons_to_come
from course.schedule.progress import Facts
from course.schedule.reasons import days_taken
from course.schedule.rhythm import EVERY_DAY, Rhythm, local_date
from course.schedule.said import begins_at, said_of
from tests.support.author.mail_samples import course
from tests.support.world.learning import LESSONS, facts

MONDAY = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
WEEK = tuple(MONDAY + timedelta(days=n) for n in range(7))
BERLIN = "Europe/Berlin"
Start = Literal["at-once", "next-day"]
Pace = Literal["daily", "on-completion"]

on_days = pytest.mark.parametrize("weekdays", [EVERY_DAY, frozenset(range(5)), frozenset({5, 6})])
of_lessons = pytest.mark.parametrize("count", [1, 3])
spoken = pytest.mark.parametrize("language", ["en", *LANGUAGES])


def made(
    count: int, weekdays: frozenset[int], *, start: Start, pace: Pace = "daily", limit: int | None = None
) -> Course:
    plain = course()
    return replace(plain, lessons=plain.lessons[:count], weekdays=weekdays, start=start, pace=pace, max_open=limit)


def begun(of: Course, now: datetime) -> Facts:
    rhythm = Rhythm(BERLIN, 8, of.weekdays)
    settings = facts(rhythm=rhythm, start=of.start, pace=of.pace, max_open=of.max_open, begun_at=now)
    return settings._replace(lessons=LESSONS[: len(of.lessons)])


def dates(of: Course, now: datetime) -> list[date]:
    return [local_date(send.at, BERLIN) for send in lessons_to_come(begun(of, now), now)]


@spoken
@on_days
@of_lessons
def test_a_first_lesson_said_to_come_on_a_later_day_comes_on_the_first_of_those_named(
    language: str, weekdays: frozenset[int], count: int
) -> None:
    of, words = made(count, weekdays, start="next-day"), words_in(language)
    said = said_of(of, words)
    assert said.first == said.first_confirmed
    assert (days_taken(weekdays, words) in said.first) == (weekdays != EVERY_DAY)
    for now in WEEK:
        later = (local_date(now, BERLIN) + timedelta(days=n) for n in range(1, 8))
        assert dates(of, now)[0] == next(day for day in later if day.weekday() in weekdays)
        assert begins_at(begun(of, now), now) == lessons_to_come(begun(of, now), now)[0].at


@spoken
@on_days
@of_lessons
def test_a_first_lesson_said_to_come_at_once_does(language: str, weekdays: frozenset[int], count: int) -> None:
    of, words = made(count, weekdays, start="at-once"), words_in(language)
    assert said_of(of, words).first == words.form(
        "The lesson follows at once.", "The first lesson follows at once.", count
    )
    for now in WEEK:
        assert lessons_to_come(begun(of, now), now)[0].at == now
        assert begins_at(begun(of, now), now) is None


@spoken
@on_days
def test_the_others_come_on_each_of_the_days_that_are_named(language: str, weekdays: frozenset[int]) -> None:
    of, words = made(3, weekdays, start="at-once"), words_in(language)
    after = said_of(of, words).after
    assert "3" in after
    assert weekdays == EVERY_DAY or days_taken(weekdays, words) in after
    for now in WEEK:
        first, *others = dates(of, now)
        later = (first + timedelta(days=n) for n in range(1, 15))
        named = [day for day in later if day.weekday() in weekdays]
        assert others == named[: len(others)]
        assert len(others) == 2


@spoken
@on_days
@pytest.mark.parametrize(("pace", "limit"), [("daily", 1), ("daily", 2), ("on-completion", None)])
def test_where_the_next_lesson_waits_it_is_said(
    language: str, weekdays: frozenset[int], pace: Pace, limit: int | None
) -> None:
    of, words = made(3, weekdays, start="at-once", pace=pace, limit=limit), words_in(language)
    free = made(3, weekdays, start="at-once")
    assert said_of(of, words).after != said_of(free, words).after
    assert len(dates(of, MONDAY)) == (limit or 1)


@spoken
@on_days
def test_of_a_single_lesson_nothing_is_said_to_follow(language: str, weekdays: frozenset[int]) -> None:
    for pace in ("daily", "on-completion"):
        of = made(1, weekdays, start="at-once", pace=pace, limit=1)
        assert said_of(of, words_in(language)).after == ""
        assert len(dates(of, MONDAY)) == 1
