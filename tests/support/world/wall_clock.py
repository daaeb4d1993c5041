"""A machine's wall clock that a test sets while processes run by it.

The product has no switch for this: the nursery puts the shifted clock before a process ahead of its work.
Monotonic time goes on, as it does on a machine whose clock jumps.
"""

import datetime as calendar
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from course.clock import Clock
from course.times import RealTime

WHOSE = ("course", "mailer", "web", "worker", "rq", "flask", "werkzeug", "itsdangerous")
"""Packages that read the clock. Databases keep their own, as they do on machines of their own."""


class WallClock:
    """Kept in a file, so that all processes of a fleet see a jump at once."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._past: list[tuple[float, float]] = []

    def set(self, moment: datetime) -> None:
        self._shift_by((moment - datetime.now(UTC)).total_seconds())

    def jump(self, **parts: float) -> None:
        self._shift_by(self.shift + timedelta(**parts).total_seconds())

    @property
    def shift(self) -> float:
        return float(self.file.read_text())

    def moment(self, real_seconds: float) -> datetime:
        """What this clock shows now for a moment since 1970 by the true one."""
        return datetime.fromtimestamp(real_seconds + self.shift, UTC)

    def shown_at(self, real_seconds: float) -> datetime:
        """What it showed then, in the process that sets it."""
        shifts = (shift for since, shift in reversed(self._past) if since <= real_seconds)
        shift = next(shifts, self._past[0][1])
        return datetime.fromtimestamp(real_seconds + shift, UTC)

    def _shift_by(self, seconds: float) -> None:
        self._past.append((time.time(), seconds))
        fresh = self.file.with_suffix(".fresh")
        fresh.write_text(str(seconds))
        fresh.replace(self.file)


@dataclass(frozen=True, slots=True)
class JumpingClock(Clock):
    """The same clock for the test's own process."""

    wall: WallClock = field(kw_only=True)

    def real(self) -> RealTime:
        return RealTime(self.wall.moment(time.time()))


def live_by(wall: WallClock) -> None:
    """From now on this process's wall clock is that one."""
    _Datetime.wall = wall
    stand_ins: dict[int, Any] = {
        id(datetime): _Datetime,
        id(calendar): SimpleNamespace(**vars(calendar) | {"datetime": _Datetime}),
        id(time.time): _seconds(wall, time.time),
    }
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] in WHOSE:
            for known, value in list(vars(module).items()):
                if id(value) in stand_ins:
                    setattr(module, known, stand_ins[id(value)])
    time.time = stand_ins[id(time.time)]


def _seconds(wall: WallClock, true: Callable[[], float]) -> Any:
    def seconds() -> float:
        return true() + wall.shift

    return seconds


class _Stand(type):
    """All of datetime but its reading of the clock."""

    def __instancecheck__(cls, thing: object) -> bool:
        return isinstance(thing, datetime)

    def __call__(cls, *parts: Any, **named: Any) -> datetime:
        return datetime(*parts, **named)  # noqa: DTZ001 - the caller's own words

    def __getattr__(cls, name: str) -> Any:
        return getattr(datetime, name)


class _Datetime(metaclass=_Stand):
    wall: WallClock

    @classmethod
    def now(cls, zone: tzinfo | None = None) -> datetime:
        return datetime.now(zone) + timedelta(seconds=cls.wall.shift)
