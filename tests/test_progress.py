"""What comes next, checked against a plain walk over the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.forecast import assume_accepted, forecast, plan
from course.progress import (
    UNDER_WAY_RECHECK,
    Facts,
    Finished,
    Nudge,
    Obstacle,
    Posted,
    Send,
    State,
    Wait,
    next_step,
)
from course.registration import available_zones
from course.schedule import EVERY_DAY, SPREAD_SECONDS, Rhythm, local_date, moment_on

FRIDAY = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
LESSONS = ("one", "two", "three", "four", "five")
DAY = timedelta(days=1)
MANY = settings(max_examples=300, deadline=None)

ODD_ZONES = ["Pacific/Apia", "Pacific/Kwajalein", "America/Sao_Paulo", "Asia/Beirut", "Europe/Berlin", "UTC"]
ZONES = st.one_of(st.sampled_from(ODD_ZONES), st.sampled_from(sorted(available_zones())))
BEGINNINGS = st.one_of(
    st.sampled_from([datetime(2011, 12, 28, 3, 7, tzinfo=UTC), datetime(1993, 8, 19, 3, 7, tzinfo=UTC)]),
    st.integers(0, 85 * 365 * 86_400).map(lambda s: datetime(1975, 1, 1, tzinfo=UTC) + timedelta(seconds=s)),
)
RHYTHMS = st.builds(
    Rhythm,
    zone=ZONES,
    hour=st.integers(0, 23),
    weekdays=st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1)),
    spread=st.integers(0, SPREAD_SECONDS - 1),
)
HOURS_FROM_START = st.integers(0, 24 * 14)
SPELLS = st.lists(st.tuples(HOURS_FROM_START, st.integers(1, 24 * 5)), max_size=3)
"""Outages or pauses: how many hours after the start, and how many hours long."""


def facts(**changes: Any) -> Facts:
    plain = Facts(LESSONS, {}, frozenset(), Rhythm("Europe/Berlin", 8), "active", FRIDAY)
    return plain._replace(**changes)


def posted(count: int, last: datetime) -> dict[str, Posted]:
    """The first `count` lessons as sent on consecutive days, the last one at `last`."""
    moments = [last - DAY * (count - 1 - n) for n in range(count)]
    return {
        slug: Posted(local_date(moment, "Europe/Berlin"), moment)
        for slug, moment in zip(LESSONS, moments, strict=False)
    }


@dataclass(frozen=True)
class Spell:
    begin: datetime
    end: datetime


def spells(begun: datetime, drawn: list[tuple[int, int]]) -> list[Spell]:
    return [
        Spell(begun + timedelta(hours=after, minutes=11), begun + timedelta(hours=after + long, minutes=13))
        for after, long in drawn
    ]


def pushed(moment: datetime, closed: list[Spell]) -> datetime:
    """The first moment from this one on that lies in no spell."""
    while True:
        later = max((spell.end for spell in closed if spell.begin <= moment < spell.end), default=moment)
        if later == moment:
            return moment
        moment = later


def at_moment(course: Facts, pauses: list[Spell], now: datetime) -> Facts:
    until = pushed(now, pauses)
    return course._replace(state="paused", paused_until=until) if until > now else course


def walked(course: Facts, closed: list[Spell]) -> Iterator[tuple[str, datetime]]:
    """The plain truth: each day in turn, is it a day for a lesson, and when on it can one leave?"""
    zone, rhythm = course.rhythm.zone, course.rhythm
    lessons = list(course.lessons)
    day = local_date(course.begun_at, zone)
    if course.start == "at-once":
        first = pushed(course.begun_at, closed)
        yield lessons.pop(0), first
        day = local_date(first, zone)
    while lessons:
        day += DAY
        begins = moment_on(day, zone, rhythm.hour)
        if day.weekday() not in rhythm.weekdays or begins is None:
            continue
        spread = begins + timedelta(seconds=rhythm.spread)
        leaves = pushed(spread if local_date(spread, zone) == day else begins, closed)
        if local_date(leaves, zone) == day:
            yield lessons.pop(0), leaves


def lived(
    course: Facts, outages: list[Spell], pauses: list[Spell], zones: dict[datetime, str], late: timedelta
) -> list[tuple[str, datetime, str]]:
    """What a planner that looks whenever `next_step` says so would send; each lesson arrives `late` after."""
    now, sent = course.begun_at, list[tuple[str, datetime, str]]()
    changes = sorted({*zones, *(pause.begin for pause in pauses)})
    for _ in range(2_000):
        now = pushed(now, outages)
        for change in [moment for moment in zones if moment <= now]:
            course = course._replace(rhythm=course.rhythm._replace(zone=zones.pop(change)))
        step = next_step(at_moment(course, pauses, now), now)
        match step:
            case Finished():
                return sent
            case Send(lesson, at) if at <= now:
                sent.append((lesson, now, course.rhythm.zone))
                entry = Posted(local_date(now, course.rhythm.zone), now + late if late else now)
                course = course._replace(posted={**course.posted, lesson: entry})
                now += late
                continue
            case Send(at=until) | Wait(until=until) | Nudge(at=until):
                assert until is not None
                assert until > now
        now = min([until, *(moment for moment in changes if moment > now)])
    raise AssertionError("the course never ends")


@MANY
@given(RHYTHMS, BEGINNINGS, st.sampled_from(["at-once", "next-day"]), SPELLS, SPELLS)
def test_a_course_goes_as_a_plain_walk_over_the_calendar_says(
    rhythm: Rhythm, begun: datetime, start: str, drawn_outages: list[tuple[int, int]], drawn: list[tuple[int, int]]
) -> None:
    course = facts(rhythm=rhythm, begun_at=begun, start=start)
    outages, pauses = spells(begun, drawn_outages), spells(begun, drawn)
    sent = lived(course, outages, pauses, {}, timedelta())
    assert [(lesson, at) for lesson, at, _ in sent] == list(walked(course, outages + pauses))


@MANY
@given(
    RHYTHMS,
    BEGINNINGS,
    SPELLS,
    SPELLS,
    st.dictionaries(HOURS_FROM_START, ZONES, max_size=4),
    st.sampled_from([timedelta(), timedelta(seconds=3), timedelta(hours=5), timedelta(hours=30)]),
)
def test_a_traveller_gets_each_lesson_once_in_order_and_never_two_on_one_date(
    rhythm: Rhythm,
    begun: datetime,
    drawn_outages: list[tuple[int, int]],
    drawn_pauses: list[tuple[int, int]],
    flights: dict[int, str],
    late: timedelta,
) -> None:
    outages, pauses = spells(begun, drawn_outages), spells(begun, drawn_pauses)
    zones = {begun + timedelta(hours=after, minutes=5): zone for after, zone in flights.items()}
    course = facts(rhythm=rhythm, begun_at=begun)
    sent = lived(course, outages, pauses, zones, late)
    assert tuple(lesson for lesson, _, _ in sent) == LESSONS
    for (_, earlier, zone_then), (_, later, zone_now) in pairwise(sent):
        arrived = earlier + late
        # On today's calendar, and on the one of the day before where that was kept.
        assert local_date(later, zone_now) > local_date(arrived, zone_now)
        assert local_date(later, zone_now) > local_date(earlier, zone_then)
    assert all(pushed(at, outages + pauses) == at for _, at, _ in sent)


@MANY
@given(
    RHYTHMS,
    BEGINNINGS,
    st.sampled_from(["at-once", "next-day"]),
    st.integers(0, 4),
    st.integers(0, 100),
    st.one_of(st.none(), st.integers(1, 200)),
)
def test_the_forecast_is_what_then_happens(
    rhythm: Rhythm, begun: datetime, start: str, count: int, hours_on: int, pause_hours: int | None
) -> None:
    course = facts(rhythm=rhythm, begun_at=begun, start=start)
    before = lived(course, [], [], {}, timedelta())[:count]
    now = (before[-1][1] if before else begun) + timedelta(hours=hours_on, minutes=7)
    course = course._replace(posted={slug: Posted(local_date(at, zone), at) for slug, at, zone in before})
    pauses = [Spell(begun, now + timedelta(hours=pause_hours))] if pause_hours else []
    told = [(step.lesson, step.at) for step in plan(at_moment(course, pauses, now), now)]
    assert told == [(lesson, at) for lesson, at, _ in lived(course, [Spell(begun, now)], pauses, {}, timedelta())]


def test_a_first_lesson_that_a_pause_held_back_is_forecast_for_its_end() -> None:
    end = FRIDAY + 3 * DAY
    held = facts(state="paused", paused_until=end)
    assert plan(held, FRIDAY + timedelta(hours=1))[0].at == end


def test_the_forecast_of_a_lesson_that_is_overdue_is_now() -> None:
    now = datetime(2026, 3, 28, 15, 0, tzinfo=UTC)
    assert plan(facts(posted=posted(1, FRIDAY)), now)[0].at == now


def test_the_forecast_takes_mail_under_way_as_arrived() -> None:
    told = plan(facts(posted={"one": Posted(date(2026, 3, 27), None)}), FRIDAY)
    assert [local_date(step.at, "Europe/Berlin").day for step in told] == [28, 29, 30, 31]


def test_the_forecast_ends_where_only_a_deed_brings_the_next_lesson() -> None:
    two_out = facts(posted={"one": Posted(date(2026, 3, 27), FRIDAY)}, max_open=3)
    assert [step.lesson for step in plan(two_out, FRIDAY)] == ["two", "three"]
    assert forecast(two_out, FRIDAY).then == Wait(None, "limit", "three")
    assert [step.lesson for step in plan(facts(pace="on-completion"), FRIDAY)] == ["one"]


@pytest.mark.parametrize("state", ["pending", "left"])
def test_there_is_no_forecast_for_who_gets_nothing(state: str) -> None:
    assert plan(facts(state=state), FRIDAY) == ()
    assert plan(facts(state="paused"), FRIDAY) == ()


def test_the_first_lesson_comes_at_once() -> None:
    assert next_step(facts(), FRIDAY) == Send("one", FRIDAY, "at-once")


def test_a_course_that_begins_on_the_next_day_begins_at_the_learners_hour() -> None:
    step = next_step(facts(start="next-day"), FRIDAY)
    assert isinstance(step, Send)
    assert step.at == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)


def test_the_next_lesson_comes_the_day_after_at_the_learners_hour() -> None:
    step = next_step(facts(posted=posted(1, FRIDAY)), FRIDAY)
    assert step == Send("two", datetime(2026, 3, 28, 7, 0, tzinfo=UTC), "daily")


def test_a_weekday_without_lessons_is_named_as_the_reason() -> None:
    course = facts(posted=posted(1, FRIDAY), rhythm=Rhythm("Europe/Berlin", 8, frozenset({0, 4})))
    monday = datetime(2026, 3, 30, 6, 0, tzinfo=UTC)
    assert next_step(course, FRIDAY) == Send("two", monday, "weekdays")


def test_a_lesson_overdue_goes_out_on_the_same_day_if_its_hour_has_passed() -> None:
    evening = datetime(2026, 4, 2, 19, 0, tzinfo=UTC)
    step = next_step(facts(posted=posted(1, FRIDAY)), evening)
    assert isinstance(step, Send)
    assert step.at <= evening
    assert local_date(step.at, "Europe/Berlin") == date(2026, 4, 2)


def test_a_lesson_overdue_waits_for_its_hour_if_that_is_still_to_come() -> None:
    night = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)
    step = next_step(facts(posted=posted(1, FRIDAY)), night)
    assert isinstance(step, Send)
    assert step.at == datetime(2026, 4, 2, 6, 0, tzinfo=UTC)


def test_after_an_outage_of_days_the_lessons_do_not_come_in_a_burst() -> None:
    after = datetime(2026, 4, 2, 19, 0, tzinfo=UTC)
    once_more = {**posted(1, FRIDAY), "two": Posted(date(2026, 4, 2), after)}
    step = next_step(facts(posted=once_more), after)
    assert isinstance(step, Send)
    assert (step.lesson, local_date(step.at, "Europe/Berlin")) == ("three", date(2026, 4, 3))


def test_a_traveller_over_the_date_line_gets_no_second_lesson_on_either_calendar() -> None:
    # Sent on the 28th in Kiritimati while Honolulu still has the 27th.
    moment = datetime(2026, 3, 27, 18, 0, tzinfo=UTC)
    home = {"one": Posted(date(2026, 3, 28), moment)}
    step = next_step(facts(posted=home, rhythm=Rhythm("Pacific/Honolulu", 8)), moment)
    assert isinstance(step, Send)
    assert local_date(step.at, "Pacific/Honolulu") == date(2026, 3, 29)


def test_a_lesson_that_arrived_after_midnight_counts_for_that_day_too() -> None:
    after_midnight = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), after_midnight)}), after_midnight)
    assert isinstance(step, Send)
    assert local_date(step.at, "Europe/Berlin") == date(2026, 3, 29)


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("pending", "unconfirmed"),
        ("left", "left"),
        ("restarted", "restarted"),
        ("paused", "paused"),
    ],
)
def test_nothing_moves_until_the_learner_acts(state: State, why: Obstacle) -> None:
    assert next_step(facts(state=state), FRIDAY) == Wait(None, why)


def test_a_pause_with_an_end_is_looked_at_again_then() -> None:
    end = FRIDAY + DAY
    assert next_step(facts(state="paused", paused_until=end), FRIDAY) == Wait(end, "paused")
    assert isinstance(next_step(facts(state="paused", paused_until=end), end), Send)


def test_nothing_follows_a_lesson_that_is_still_on_its_way() -> None:
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), None)}), FRIDAY + 3 * DAY)
    assert step == Wait(FRIDAY + 3 * DAY + UNDER_WAY_RECHECK, "under-way", "one")


def test_nothing_follows_a_lesson_that_could_not_be_delivered() -> None:
    step = next_step(facts(posted={"one": Posted(date(2026, 3, 27), None, failed=True)}), FRIDAY + DAY)
    assert step == Wait(None, "undelivered", "one")


def test_after_the_last_lesson_the_course_is_finished() -> None:
    assert next_step(facts(posted=posted(5, FRIDAY)), FRIDAY + DAY) == Finished()


def test_a_last_lesson_that_is_on_its_way_already_ends_the_plan() -> None:
    under_way = {**posted(4, FRIDAY), "five": Posted(date(2026, 3, 28), None)}
    assert next_step(facts(posted=under_way), FRIDAY + DAY) == Finished()


def test_lessons_are_counted_by_name_and_not_by_number() -> None:
    elsewhere = {"four": Posted(date(2026, 3, 26), FRIDAY - DAY)}
    step = next_step(facts(posted=elsewhere), FRIDAY)
    assert isinstance(step, Send)
    assert step.lesson == "one"


def test_on_completion_the_next_lesson_waits_for_the_deed() -> None:
    waiting = facts(posted=posted(2, FRIDAY), completed=frozenset({"one"}), pace="on-completion")
    assert next_step(waiting, FRIDAY + 9 * DAY) == Wait(None, "incomplete", "two")


def test_on_completion_the_next_lesson_comes_right_after_the_deed() -> None:
    done = facts(posted=posted(2, FRIDAY), completed=frozenset({"one", "two"}), pace="on-completion")
    assert next_step(done, FRIDAY) == Send("three", FRIDAY, "completed")


def test_on_completion_the_first_lesson_waits_for_nothing() -> None:
    at_once = next_step(facts(pace="on-completion"), FRIDAY)
    assert at_once == Send("one", FRIDAY, "at-once")
    later = next_step(facts(pace="on-completion", start="next-day"), FRIDAY)
    assert isinstance(later, Send)
    assert later.at > FRIDAY


@pytest.mark.parametrize(("done", "waits"), [((), True), (("one",), False), (("two",), False)])
def test_no_more_lessons_come_than_may_be_open(done: tuple[str, ...], waits: bool) -> None:
    step = next_step(facts(posted=posted(2, FRIDAY), completed=frozenset(done), max_open=2), FRIDAY + DAY)
    assert isinstance(step, Wait) == waits
    if isinstance(step, Wait):
        assert step == Wait(None, "limit", "two")


@given(st.integers(1, 5), st.frozensets(st.sampled_from(LESSONS)), st.integers(1, 6))
def test_max_open_counts_sent_lessons_that_are_not_complete(count: int, done: frozenset[str], limit: int) -> None:
    course = facts(posted=posted(count, FRIDAY), completed=done, max_open=limit)
    open_now = sum(1 for slug in LESSONS[:count] if slug not in done)
    step = next_step(course, FRIDAY + DAY)
    if count == len(LESSONS):
        assert isinstance(step, Finished)
    else:
        assert isinstance(step, Wait) == (open_now >= limit)


def test_a_lesson_that_arrived_is_taken_as_it_is() -> None:
    arrived = Posted(date(2026, 3, 27), FRIDAY)
    assert assume_accepted(arrived, Rhythm("Europe/Berlin", 8)) is arrived
    failed = assume_accepted(Posted(date(2026, 3, 27), None, failed=True), Rhythm("Europe/Berlin", 8))
    assert failed == Posted(date(2026, 3, 27), datetime(2026, 3, 27, 7, 0, tzinfo=UTC))
