"""Every IANA zone through both clock changes of a year: one lesson on each local date, in its hour."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from course.enrolment.enrolments import Participant, find_enrolment
from course.enrolment.joining import confirm, register
from course.enrolment.registration import Registration, available_zones
from course.models import CourseRow, Enrolment, Learner
from course.schedule.forecast import lessons_to_come
from course.schedule.progress import Facts
from course.schedule.rhythm import Rhythm, spread_of
from tests.faults.conftest import LESSONS_OF_ZONES
from tests.faults.scale import FULL, note
from tests.faults.scripted import ScriptedWorld

YEAR_BEGINS = datetime(2026, 4, 1, tzinfo=UTC)
BEFORE, AFTER = timedelta(days=3), timedelta(days=4)
SPREAD = timedelta(minutes=10)
STEP = timedelta(minutes=10)
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Pupil:
    email: str
    zone: str
    hour: int


def test_the_plan_of_every_zone_has_one_lesson_a_day_through_its_clock_changes() -> None:
    """Decided without a database: for each change, at the hour that is left out or comes twice, and around it."""
    changes = _changes(every=True)
    complaints, sends = [], 0
    for number, day in enumerate(sorted(changes)):
        begun = datetime.combine(day, datetime.min.time(), UTC) - BEFORE
        for pupil in _pupils(number, changes[day]):
            moments = _planned(pupil, begun)
            sends += len(moments)
            complaints += complain(pupil, moments)
    zones = {zone for found in changes.values() for zone, _ in found}
    note("the plan of every zone", zones=len(zones), days_with_changes=len(changes), sends=sends)
    assert complaints == []


def test_the_house_keeps_to_it_in_every_zone(zone_world: ScriptedWorld) -> None:
    """Of zones whose clocks change at the same local time and as far, one; all of them in the long run."""
    changes = _changes(every=FULL)
    complaints, sends = [], 0
    for number, day in enumerate(sorted(changes)):
        pupils = list(_pupils(number, changes[day], (-1, 0, 1) if FULL else (0, 1)))
        _live_through(zone_world, pupils, datetime.combine(day, datetime.min.time(), UTC))
        moments = _moments(zone_world)
        sends += sum(map(len, moments.values()))
        complaints += [what for pupil in pupils for what in complain(pupil, moments[pupil.email])]
    note("the world in every zone", days_with_changes=len(changes), sends=sends)
    assert complaints == []


def test_the_witness_complains_of_a_lost_and_a_doubled_day() -> None:
    pupil = Pupil("ada@example.org", "Europe/Berlin", 8)
    good = [datetime(2026, 10, day, 8 - (2 if day < 25 else 1), 5, tzinfo=UTC) for day in range(22, 28)]
    assert complain(pupil, good) == []
    assert complain(pupil, [*good[:2], *good[3:]])
    assert complain(pupil, [*good, good[-1] + timedelta(hours=2)])
    assert complain(pupil, [moment + timedelta(hours=1) for moment in good])
    twice = Pupil("ada@example.org", "Europe/Berlin", 2)
    assert complain(twice, [datetime(2026, 10, 24, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, 1, tzinfo=UTC)])


def complain(pupil: Pupil, moments: list[datetime]) -> list[str]:
    """The first lesson comes at once; each further one on the next local date, in the first minutes of the hour
    as clocks show it first, or of the time they jump to."""
    place = ZoneInfo(pupil.zone)
    dates = [moment.astimezone(place).date() for moment in moments]
    found = [
        f"{pupil}: {before} is followed by {after}"
        for before, after in pairwise(dates)
        if after - before != timedelta(days=1)
    ]
    for moment, day in list(zip(moments, dates, strict=True))[1:]:
        due = first_quarter(place, day, pupil.hour)
        if due is not None and not due <= moment < due + SPREAD + STEP:
            found.append(f"{pupil}: {moment} is not in the hour that begins at {due}")
    return found


def first_quarter(place: ZoneInfo, day: date, hour: int) -> datetime | None:
    """The first moment of a local day whose clock shows the hour or later: found by looking every quarter of an
    hour, on which all clocks of today begin their hours, and change."""
    moment = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=15)
    for _ in range(54 * 4):
        local = moment.astimezone(place)
        if local.date() == day and local.hour >= hour:
            return moment
        moment += QUARTER
    return None


def _changes(*, every: bool) -> dict[date, list[tuple[str, int]]]:
    """By UTC date: the zones whose clocks change then, each with the local hour at which they do."""
    found: defaultdict[date, list[tuple[str, int]]] = defaultdict(list)
    known: set[object] = set()
    for zone in sorted(available_zones()):
        place = ZoneInfo(zone)
        for days in range(366):
            day = YEAR_BEGINS + timedelta(days=days)
            for moment in _hours_with_a_change(place, day):
                before, after = moment.astimezone(place), (moment + timedelta(hours=1)).astimezone(place)
                alike = (before.hour, _shift(before, after), before.minute)
                if every or alike not in known:
                    known.add(alike)
                    found[day.date()].append((zone, (before + timedelta(hours=1)).hour))
    return found


def _shift(before: datetime, after: datetime) -> timedelta:
    return (after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())


def _hours_with_a_change(place: ZoneInfo, day: datetime) -> list[datetime]:
    def offset(moment: datetime) -> timedelta | None:
        return moment.astimezone(place).utcoffset()

    if offset(day) == offset(day + timedelta(days=1)):
        return []
    hours = [day + timedelta(hours=hour) for hour in range(24)]
    return [hour for hour in hours if offset(hour) != offset(hour + timedelta(hours=1))]


def _pupils(
    number: int, changes: Iterable[tuple[str, int]], arounds: Sequence[int] = (-1, 0, 1)
) -> Iterator[Pupil]:
    for zone, hour in changes:
        for around in arounds:
            at = (hour + around) % 24
            yield Pupil(f"{number}-{zone}-{at}@example.org".replace("/", "-").lower(), zone, at)


def _planned(pupil: Pupil, begun: datetime) -> list[datetime]:
    """Every lesson sent at its moment, as `progress` decides it."""
    rhythm = Rhythm(pupil.zone, pupil.hour, spread=spread_of(pupil.email))
    slugs = tuple(f"lesson-{number}" for number in range(LESSONS_OF_ZONES))
    facts = Facts(slugs, {}, frozenset(), rhythm, "active", begun)
    return [step.at for step in lessons_to_come(facts, begun)]


def _live_through(world: ScriptedWorld, pupils: list[Pupil], change: datetime) -> None:
    world.clock.moments.append(change - BEFORE)
    times = world.clock.times()
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
        for pupil in pupils:
            form = Registration(pupil.email, "Ada", pupil.zone, pupil.hour, False)
            register(session, published, form, times)
            enrolment = session.scalars(select(Enrolment).join(Learner).where(Learner.email == pupil.email)).one()
            confirm(session, Participant(*find_enrolment(session, enrolment.id), published), times)
    world.provider.taken.clear()
    world.provider.moments.clear()
    while world.clock.now() < change + AFTER:
        world.work()
        world.runtime.queue.redis.flushdb()
        world.clock.moments.append((_next_look(world) or change + AFTER) + STEP)


def _next_look(world: ScriptedWorld) -> datetime | None:
    """None once everybody has had every lesson."""
    with world.runtime.db.read() as session:
        due = session.scalar(select(func.min(Enrolment.due_at)))
    return due and max(due, world.clock.now())


def _moments(world: ScriptedWorld) -> defaultdict[str, list[datetime]]:
    found: defaultdict[str, list[datetime]] = defaultdict(list)
    for (email, occasion, _), moment in zip(world.provider.taken, world.provider.moments, strict=True):
        if occasion.startswith("lesson"):
            found[email].append(moment)
    return found
