"""Moving a learner to another edition: what it comes to, and that it sends nothing at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from course.enrolment.many.edition_move import EditionMove, move
from course.schedule.forecast import undisturbed
from course.schedule.progress import Facts, Posted, Send, next_step
from course.schedule.rhythm import Rhythm, local_date

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
ZONE = "Europe/Berlin"


def facts(lessons: str, had: str, last_days_ago: int, **changes: Any) -> Facts:
    """A letter is a lesson; those had came on consecutive days, and were completed."""
    moments = [NOON - timedelta(days=last_days_ago + n, hours=5) for n in reversed(range(len(had)))]
    posted = {slug: Posted(local_date(at, ZONE), at) for slug, at in zip(had, moments, strict=True)}
    plain = Facts(tuple(lessons), posted, frozenset(had), Rhythm(ZONE, 8), "active", NOON - timedelta(days=60))
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("own", "had", "newest", "lessons", "coming", "added", "dropped"),
    [
        ("abc", "", "abcd", "abcd", "abcd", "d", ""),
        ("abc", "a", "abcd", "abcd", "bcd", "d", ""),
        ("abc", "ab", "xabc", "abxc", "xc", "x", ""),
        ("abc", "a", "acb", "acb", "cb", "", ""),
        ("abc", "ab", "cbax", "abcx", "cx", "x", ""),
        ("abc", "a", "ac", "ac", "c", "", "b"),
        ("abc", "ab", "cd", "abcd", "cd", "d", ""),
        ("abc", "abc", "abcd", "abcd", "d", "d", ""),
    ],
)
def test_what_they_had_stays_first_and_the_rest_comes_in_the_new_order(
    own: str, had: str, newest: str, lessons: str, coming: str, added: str, dropped: str
) -> None:
    expected = EditionMove(*(tuple(letters) for letters in (lessons, had, coming, added, dropped)))
    assert move(tuple(own), set(had), tuple(newest)) == expected


@pytest.mark.parametrize(
    ("own", "had", "newest"), [("abc", "a", "abc"), ("abc", "ab", "bac"), ("abc", "ab", "ab"), ("abc", "abc", "a")]
)
def test_who_has_nothing_to_gain_stays(own: str, had: str, newest: str) -> None:
    assert move(tuple(own), set(had), tuple(newest)) is None


def moved(before: Facts, lessons: str, due_at: datetime | None = None) -> Facts:
    return undisturbed(before._replace(lessons=tuple(lessons)), NOON, due_at)


def test_who_had_everything_long_ago_gets_what_is_new_at_their_next_hour() -> None:
    done = facts("abc", "abc", last_days_ago=10)
    step = next_step(moved(done, "abcd"), NOON)
    assert isinstance(step, Send)
    assert (step.lesson, step.at) == ("d", MORNING)


def test_on_completion_the_new_lesson_does_not_come_at_once_either() -> None:
    done = facts("abc", "abc", last_days_ago=0, pace="on-completion", completed_at=NOON - timedelta(hours=1))
    step = next_step(moved(done, "abcd"), NOON)
    assert isinstance(step, Send)
    assert step.at == MORNING


def test_a_mail_that_was_due_anyway_is_not_held_back() -> None:
    late = facts("abc", "ab", last_days_ago=2)._replace(rhythm=Rhythm(ZONE, 12))
    due = NOON - timedelta(hours=1)
    assert moved(late, "abd", due_at=due).not_before is None
    assert next_step(moved(late, "abd", due_at=due), NOON) == Send("d", due, "absence")


def test_who_waits_for_tomorrow_or_for_a_deed_just_goes_on() -> None:
    assert moved(facts("abc", "ab", last_days_ago=0), "abdc").not_before is None
    waiting = facts("abc", "abc", last_days_ago=3, pace="on-completion", completed=frozenset("ab"))
    assert moved(waiting, "abcd").not_before is None
