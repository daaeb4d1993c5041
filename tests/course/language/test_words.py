"""Dates and moments as people say them."""

from datetime import UTC, date, datetime

import pytest

from course.language.words import ENGLISH, MinutesSaid, Phrase, place


def test_a_day_and_a_date_are_said_as_people_say_them() -> None:
    assert ENGLISH.day(date(2026, 3, 27)) == "Friday 27 March"
    assert ENGLISH.full_date(date(2026, 3, 7)) == "7 March 2026"


@pytest.mark.parametrize(("month", "name"), [(1, "January"), (5, "May"), (12, "December")])
def test_months_have_their_names(month: int, name: str) -> None:
    assert ENGLISH.full_date(date(2026, month, 1)) == f"1 {name} 2026"


def test_a_week_has_seven_names() -> None:
    said = [ENGLISH.day(date(2026, 3, day)).partition(" ")[0] for day in range(23, 30)]
    assert said == ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def test_a_moment_is_said_by_the_clocks_of_the_zone() -> None:
    moment = datetime(2026, 3, 27, 23, 4, tzinfo=UTC)
    assert ENGLISH.moment(moment, "UTC") == "Friday 27 March at 23:04"
    assert ENGLISH.moment(moment, "Asia/Kathmandu") == "Saturday 28 March at 4:49"


def test_a_phrase_says_one_minute_as_one() -> None:
    assert str(Phrase("It takes %(minutes)s.", {"minutes": MinutesSaid(1)})) == "It takes 1 minute."
    assert str(Phrase("It takes %(minutes)s.", {"minutes": MinutesSaid(2)})) == "It takes 2 minutes."


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (0, "0:00 at night"),
        (4, "4:00 at night"),
        (5, "5:00 in the morning"),
        (11, "11:00 in the morning"),
        (12, "12:00 in the afternoon"),
        (17, "17:00 in the afternoon"),
        (18, "18:00 in the evening"),
        (22, "22:00 in the evening"),
        (23, "23:00 at night"),
    ],
)
def test_an_hour_is_said_with_its_part_of_the_day(hour: int, said: str) -> None:
    assert ENGLISH.hour(hour) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [("America/New_York", "New York"), ("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC")],
)
def test_a_zone_is_said_as_its_place(zone: str, said: str) -> None:
    assert place(zone) == said
