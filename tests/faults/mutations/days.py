"""The arithmetic of days and hours, with one safeguard taken out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from course.schedule import rhythm
from course.schedule.rhythm import moment_on


def an_hour_left_out_leaves_out_the_lesson(patch: pytest.MonkeyPatch) -> None:
    def moment(day: date, zone: str, hour: int) -> datetime | None:
        found = moment_on(day, zone, hour)
        return found if found and found.astimezone(ZoneInfo(zone)).hour == hour else None

    patch.setattr(rhythm, "moment_on", moment)


def the_second_of_two_hours(patch: pytest.MonkeyPatch) -> None:
    _read(patch, lambda local: local.replace(fold=1).astimezone(UTC))


def a_jump_is_measured_from_its_hour(patch: pytest.MonkeyPatch) -> None:
    """Not from the moment at which the clocks jump."""
    _read(patch, lambda local: local.astimezone(UTC))


def a_lesson_every_twenty_four_hours(patch: pytest.MonkeyPatch) -> None:
    _read(patch, lambda local: (local - timedelta(days=1)).astimezone(UTC) + timedelta(days=1))


def _read(patch: pytest.MonkeyPatch, shown_first: Callable[[datetime], datetime]) -> None:
    patch.setattr(rhythm, "_shown_first", shown_first)
    # The function behind the memory of what was asked before.
    patch.setattr(rhythm, "moment_on", moment_on.__wrapped__)
