"""What comes next, checked against a plain walk over the calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from course.enrolment.registration import available_zones
from course.schedule.forecast import lessons_to_come
from course.schedule.progress import Facts, Finished, Nudge, Posted, Send, Wait, next_step
from course.schedule.rhythm import EVERY_DAY, SPREAD_SECONDS, Rhythm, local_date, moment_on
from tests.support.world.learning import DAY, LESSONS, facts

MANY = settings(max_examples=300)
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


@dataclass(frozen=True)
class Spell:
    begin: datetime
    end: datetime

    def resumes_on(self, zone: str) -> date:
        """The day chosen by who pauses for this spell."""
        return local_date(self.end, zone) + DAY


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
    zone = course.rhythm.zone
    until = max([pause.resumes_on(zone) for pause in pauses if pause.begin <= now], default=None)
    paused = until is not None and until > local_date(now, zone)
    return course._replace(state="paused" if paused else "active", resumes_on=until)


def walked(course: Facts, outages: list[Spell], pauses: list[Spell]) -> Iterator[tuple[str, datetime]]:
    """The plain truth: each day in turn, is it a day for a lesson, and can one leave on it, soon enough?"""
    zone, rhythm = course.rhythm.zone, course.rhythm
    lessons = list(course.lessons)

    def leaves(moment: datetime) -> datetime | None:
        at, day = pushed(moment, outages), local_date(moment, zone)
        paused = any(pause.begin <= at and day < pause.resumes_on(zone) for pause in pauses)
        return None if paused or at - moment > course.grace else at

    day = local_date(course.begun_at, zone)
    if course.start == "at-once":
        first = leaves(course.begun_at)
        if first is not None:
            yield lessons.pop(0), first
        day = local_date(first, zone) if first else day - DAY
    while lessons:
        day += DAY
        begins = moment_on(day, zone, rhythm.hour)
        if day.weekday() not in rhythm.weekdays or begins is None:
            continue
        spread = begins + timedelta(seconds=rhythm.spread)
        moment = spread if local_date(spread, zone) == day else begins
        at = leaves(moment)
        if at is not None and moment >= course.begun_at:
            yield lessons.pop(0), at
            day = local_date(at, zone)


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
    assert [(lesson, at) for lesson, at, _ in sent] == list(walked(course, outages, pauses))


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
    told = [(step.lesson, step.at) for step in lessons_to_come(at_moment(course, pauses, now), now)]
    assert told == [(lesson, at) for lesson, at, _ in lived(course, [Spell(begun, now)], pauses, {}, timedelta())]
