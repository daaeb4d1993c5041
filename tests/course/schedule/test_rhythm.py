"""Sending moments over every zone there is, its clock changes and its missing days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.enrolment.registration import available_zones
from course.schedule.rhythm import SPREAD_SECONDS, Rhythm, first_moment, local_date, moment_on, spread_of

ZONES = st.sampled_from(sorted(available_zones()))
HOURS = st.integers(0, 23)
DAYS = st.dates(date(1925, 1, 1), date(2090, 12, 31))
WEEKDAYS = st.frozensets(st.integers(0, 6), min_size=1)
MANY = settings(max_examples=600)

CHANGES = [
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Pacific/Fakaofo", date(2011, 12, 29)),
    ("Pacific/Kwajalein", date(1993, 8, 20)),
    ("Pacific/Kiritimati", date(1994, 12, 30)),
    ("Pacific/Kwajalein", date(1969, 9, 29)),
    ("America/Toronto", date(1919, 3, 29)),
    ("America/Sao_Paulo", date(2018, 11, 3)),
    ("Africa/Cairo", date(2023, 4, 27)),
    ("America/Scoresbysund", date(2024, 3, 30)),
    ("Asia/Beirut", date(2022, 3, 26)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Antarctica/Troll", date(2026, 3, 28)),
    ("Antarctica/Casey", date(2018, 3, 10)),
    ("Europe/Dublin", date(2026, 10, 24)),
    ("America/Havana", date(2026, 10, 31)),
    ("Asia/Kathmandu", date(1985, 12, 31)),
    ("Asia/Pyongyang", date(2018, 5, 4)),
    ("Africa/Monrovia", date(1972, 1, 6)),
]
"""Where clocks did something odd, and the day before it."""


def hours_of(day: date, zone: str) -> dict[int, datetime]:
    """The plain truth: each local hour of a day and the first minute (UTC) that shows it."""
    seen: dict[int, datetime] = {}
    minute = datetime.combine(day, time(), UTC) - timedelta(hours=30)
    # Some offsets of old have seconds: whole minutes there are other moments than here.
    minute -= timedelta(seconds=minute.astimezone(ZoneInfo(zone)).second)
    place = ZoneInfo(zone)
    for _ in range(84 * 60):
        local = minute.astimezone(place)
        if local.date() == day:
            seen.setdefault(local.hour, minute)
        minute += timedelta(minutes=1)
    return seen


@MANY
@given(ZONES, HOURS, DAYS)
def test_the_moment_lies_on_the_asked_day_in_the_asked_hour(zone: str, hour: int, day: date) -> None:
    moment = moment_on(day, zone, hour)
    if moment is None:
        assert hours_of(day, zone) == {}
        return
    assert moment.tzinfo is UTC
    local = moment.astimezone(ZoneInfo(zone))
    assert local.date() == day
    if local.hour != hour:
        assert hour not in hours_of(day, zone)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_around_odd_clock_changes_every_hour_there_is_begins_when_clocks_first_show_it(
    zone: str, day: date
) -> None:
    for offset in range(3):
        today = day + timedelta(days=offset)
        seen = hours_of(today, zone)
        for hour in range(24):
            moment = moment_on(today, zone, hour)
            if not seen:
                assert moment is None
                continue
            assert moment is not None
            shown = moment.astimezone(ZoneInfo(zone))
            assert shown.date() == today
            if hour in seen:
                assert shown.hour == hour
                assert abs(moment - seen[hour]) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "skipped"),
    [
        ("Pacific/Apia", date(2011, 12, 30)),
        ("Pacific/Fakaofo", date(2011, 12, 30)),
        ("Pacific/Kwajalein", date(1993, 8, 21)),
        ("Pacific/Enderbury", date(1994, 12, 31)),
    ],
)
@pytest.mark.parametrize("hour", [0, 8, 23])
def test_a_day_that_the_zone_skipped_is_passed_over(zone: str, skipped: date, hour: int) -> None:
    assert moment_on(skipped, zone, hour) is None
    moment = first_moment(Rhythm(zone, hour), skipped)
    assert local_date(moment, zone) == skipped + timedelta(days=1)
    assert moment.astimezone(ZoneInfo(zone)).hour == hour


def test_a_skipped_day_that_was_the_only_weekday_waits_for_the_next_week() -> None:
    rhythm = Rhythm("Pacific/Apia", 8, frozenset({4}))
    assert local_date(first_moment(rhythm, date(2011, 12, 30)), "Pacific/Apia") == date(2012, 1, 6)


def test_an_hour_that_the_clocks_jump_over_becomes_the_time_they_jump_to() -> None:
    moment = moment_on(date(2026, 3, 29), "Europe/Berlin", 2)
    assert moment == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_an_hour_that_happens_twice_counts_the_first_time() -> None:
    assert moment_on(date(2026, 10, 25), "Europe/Berlin", 2) == datetime(2026, 10, 25, 0, 0, tzinfo=UTC)


def test_a_last_hour_that_the_clocks_jump_over_is_replaced_by_an_earlier_one() -> None:
    # Greenland's east sprang from 23:00 on the 30th of March 2024 to midnight and further.
    for hour in (22, 23):
        moment = moment_on(date(2024, 3, 30), "America/Nuuk", hour)
        assert moment is not None
        assert local_date(moment, "America/Nuuk") == date(2024, 3, 30)
        assert moment.astimezone(ZoneInfo("America/Nuuk")).hour == 22


@MANY
@given(ZONES, HOURS, WEEKDAYS, st.integers(0, SPREAD_SECONDS - 1), DAYS)
def test_day_after_day_the_dates_grow_and_each_has_one_moment(
    zone: str, hour: int, weekdays: frozenset[int], spread: int, day: date
) -> None:
    rhythm = Rhythm(zone, hour, weekdays, spread)
    found: list[date] = []
    for _ in range(12):
        moment = first_moment(rhythm, day)
        on = local_date(moment, zone)
        assert on >= day
        assert on.weekday() in weekdays
        between = [day + timedelta(days=n) for n in range((on - day).days)]
        assert all(d.weekday() not in weekdays or moment_on(d, zone, hour) is None for d in between)
        found.append(on)
        day = on + timedelta(days=1)
    assert all(earlier < later for earlier, later in pairwise(found))


@pytest.mark.parametrize("hour", [1, 2])
def test_a_jump_of_two_hours_is_landed_on_at_once(hour: int) -> None:
    assert moment_on(date(2026, 3, 29), "Antarctica/Troll", hour) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "day"), CHANGES)
def test_the_dates_grow_over_odd_clock_changes_too(zone: str, day: date) -> None:
    for hour in range(24):
        rhythm = Rhythm(zone, hour, spread=SPREAD_SECONDS - 1)
        moments = []
        earliest = day - timedelta(days=2)
        for _ in range(7):
            moments.append(first_moment(rhythm, earliest))
            earliest = local_date(moments[-1], zone) + timedelta(days=1)
        dates = [local_date(moment, zone) for moment in moments]
        assert dates == sorted(set(dates))
        assert moments == sorted(set(moments))


@MANY
@given(ZONES, HOURS, DAYS, st.integers(0, SPREAD_SECONDS - 1))
def test_the_spread_stays_within_ten_minutes_and_the_day(zone: str, hour: int, day: date, spread: int) -> None:
    plain = first_moment(Rhythm(zone, hour), day)
    spread_out = first_moment(Rhythm(zone, hour, spread=spread), day)
    assert timedelta() <= spread_out - plain < timedelta(minutes=10)
    assert local_date(spread_out, zone) == local_date(plain, zone)


def test_a_mail_is_not_spread_into_the_day_to_which_the_clocks_go_back() -> None:
    # One minute after midnight on the 2nd of November 2008, Labrador went back to the day before.
    first = first_moment(Rhythm("America/Goose_Bay", 0, spread=599), date(2008, 11, 2))
    assert local_date(first, "America/Goose_Bay") == date(2008, 11, 2)


@given(st.text())
def test_a_key_has_the_same_spread_every_time(key: str) -> None:
    assert 0 <= spread_of(key) < SPREAD_SECONDS
    assert spread_of(key) == spread_of(key)


def test_the_learners_of_a_course_are_spread_over_the_ten_minutes() -> None:
    seconds = [spread_of(f"enrolment {number}") for number in range(6000)]
    minutes = [sum(1 for s in seconds if s // 60 == minute) for minute in range(10)]
    assert min(minutes) > 400


def test_no_weekday_at_all_means_every_day() -> None:
    day = date(2026, 3, 27)
    assert first_moment(Rhythm("UTC", 8, frozenset()), day) == first_moment(Rhythm("UTC", 8), day)


def test_the_calendar_date_is_that_of_the_zone() -> None:
    moment = datetime(2026, 3, 27, 11, 30, tzinfo=UTC)
    assert local_date(moment, "Pacific/Kiritimati") == date(2026, 3, 28)
    assert local_date(moment, "Pacific/Pago_Pago") == date(2026, 3, 27)
