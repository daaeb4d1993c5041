"""A learner of a course of five lessons, as plain facts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from course.schedule.progress import Facts, Posted
from course.schedule.rhythm import Rhythm, local_date

FRIDAY = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)
LESSONS = ("one", "two", "three", "four", "five")
DAY = timedelta(days=1)


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
