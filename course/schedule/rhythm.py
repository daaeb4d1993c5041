"""When the next lesson may leave: pure arithmetic over zones, hours and weekdays."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
SPREAD_SECONDS = 600
A_DAY = timedelta(days=1)


class Rhythm(NamedTuple):
    """A learner's habit: local `hour` (0-23) in an IANA `zone` on `weekdays` (Monday is 0).

    `spread` is how many seconds into the hour this learner's mail leaves, so that not everybody's
    leaves on the stroke.
    """

    zone: str
    hour: int
    weekdays: frozenset[int] = EVERY_DAY
    spread: int = 0


def spread_of(key: str) -> int:
    """Seconds (0-599) into the hour, the same every day for the same key."""
    return crc32(key.encode()) % SPREAD_SECONDS


@lru_cache(maxsize=65_536)
def local_date(moment: datetime, zone: str) -> date:
    """The calendar date people in `zone` have at this moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=65_536)
def moment_on(day: date, zone: str, hour: int) -> datetime | None:
    """The UTC moment at which `hour` begins on that local day; None where the zone skipped the day.

    An hour that happens twice counts once, the first time. An hour that a clock change leaves out is
    replaced by the time the clocks jump to, or by the nearest earlier hour if that is already tomorrow.
    """
    place = ZoneInfo(zone)
    for candidate in range(hour, -1, -1):
        moment = _shown_first(datetime.combine(day, time(candidate), tzinfo=place))
        if moment.astimezone(place).date() == day:
            return moment
    return None


def midnight(day: date, zone: str) -> datetime:
    """The UTC moment at which that local day begins, or the next one where the zone skipped it."""
    return moment_on(day, zone, 0) or midnight(day + A_DAY, zone)


def _shown_first(local: datetime) -> datetime:
    """The UTC moment at which clocks first show this time, or jump over it."""
    late = local.astimezone(UTC)
    early = local.replace(fold=1).astimezone(UTC)
    # Only for a time that is jumped over, the second reading is the earlier one; the jump lies between the two.
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        if middle.astimezone(local.tzinfo).replace(tzinfo=None) < local.replace(tzinfo=None):
            early = middle
        else:
            late = middle
    return late


def _days(first: date, weekdays: frozenset[int]) -> Iterator[date]:
    day = first
    while True:
        if day.weekday() in weekdays:
            yield day
        day += A_DAY


def next_moment(rhythm: Rhythm, earliest: date, not_before: datetime) -> datetime:
    """The first of the learner's sending moments that is on no earlier day and not before that moment (UTC)."""
    # Seldom more than one try: a day that began before the moment may still have its hour ahead.
    day = max(earliest, local_date(not_before, rhythm.zone))
    while (moment := first_moment(rhythm, day)) < not_before:
        day = local_date(moment, rhythm.zone) + A_DAY
    return moment


def first_moment(rhythm: Rhythm, earliest: date) -> datetime:
    """The sending moment on the first day from `earliest` on that the learner takes lessons."""
    for day in _days(earliest, rhythm.weekdays or EVERY_DAY):
        moment = moment_on(day, rhythm.zone, rhythm.hour)
        if moment is not None:
            spread = moment + timedelta(seconds=rhythm.spread)
            # A clock change inside the first minutes could push the mail into another day.
            return spread if local_date(spread, rhythm.zone) == day else moment
    raise AssertionError("a week always holds a day")  # pragma: no cover
