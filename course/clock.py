"""The only reader of the clock. Course time is what learners live by; real time is what machines do.

With a virtual clock, course time runs `rate` times faster than real time from one anchor that every
process reads from the same file.
"""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from course.times import CourseTime, RealTime, Times


@dataclass(frozen=True, slots=True)
class Anchor:
    """Course time was `start` at the real moment `began`, and runs `rate` times as fast."""

    start: CourseTime
    rate: float
    began: RealTime

    def course_time(self, real: RealTime) -> CourseTime:
        return self.start + (real - self.began) * self.rate

    def real_time(self, course: CourseTime) -> RealTime:
        return self.began + (course - self.start) / self.rate


@dataclass(frozen=True, slots=True)
class Clock:
    anchor: Anchor | None = None

    def times(self) -> Times:
        """Both, from one look at the clock."""
        real = self.real()
        return Times(self.anchor.course_time(real) if self.anchor else CourseTime(real), real)

    def now(self) -> CourseTime:
        return self.times().now

    def real(self) -> RealTime:
        return RealTime(datetime.now(UTC))

    def steady(self) -> float:
        """Seconds since the machine started, for all its processes alike; nobody can set them."""
        return time.monotonic()

    def seconds_until(self, course: datetime) -> float:
        """Real seconds until a moment of course time; negative if it has passed."""
        moment = self.anchor.real_time(CourseTime(course)) if self.anchor else RealTime(course)
        return (moment - self.real()).total_seconds()


def parse_clock(text: str) -> tuple[CourseTime, float]:
    """`2026-03-27T06:00:00Z@1440` -> its start and rate. Raises ValueError."""
    moment, _, rate = text.partition("@")
    start = datetime.fromisoformat(moment)
    if start.tzinfo is None:
        raise ValueError("the start needs a zone: write a Z behind it")
    factor = float(rate or "1")
    if not 0 < factor <= 1_000_000:
        raise ValueError("the rate must be between 0 and 1,000,000")
    return CourseTime(start.astimezone(UTC)), factor


def begin_clock(text: str, var_dir: Path) -> Clock:
    """A new anchor, from now on, for every process that shares `var_dir`."""
    fresh, anchor = _fresh_anchor(text, var_dir)
    fresh.replace(_anchor_file(text, var_dir))
    return Clock(anchor)


def open_clock(text: str | None, var_dir: Path) -> Clock:
    """The real clock, or the virtual one that `begin_clock`, or else the first process to ask, began."""
    if text is None:
        return Clock()
    file = _anchor_file(text, var_dir)
    if not file.exists():
        fresh, _ = _fresh_anchor(text, var_dir)
        with suppress(FileExistsError):
            os.link(fresh, file)  # atomic: of several processes that start together one sets the anchor
        fresh.unlink()
    return Clock(Anchor(*parse_clock(text), RealTime(datetime.fromisoformat(file.read_text()))))


def _anchor_file(text: str, var_dir: Path) -> Path:
    return var_dir / f"clock-{sha256(text.encode()).hexdigest()[:12]}"


def _fresh_anchor(text: str, var_dir: Path) -> tuple[Path, Anchor]:
    anchor = Anchor(*parse_clock(text), RealTime(datetime.now(UTC)))
    var_dir.mkdir(parents=True, exist_ok=True)
    fresh = _anchor_file(text, var_dir).with_suffix(f".{os.getpid()}")
    fresh.write_text(anchor.began.isoformat())
    return fresh, anchor
