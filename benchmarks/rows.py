"""What a benchmark reports: measured values, beside a peer or a limit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

Bound = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True)
class Sample:
    """The values of one side, a value a round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return median(self.values)

    @property
    def low(self) -> float:
        return min(self.values)

    @property
    def high(self) -> float:
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `judged` is what `bound` and `floor` hold for: a ratio, or our own value."""

    what: str
    unit: str
    ours: Sample
    peer: str
    theirs: Sample | None
    judged: Sample
    bound: Bound
    floor: float
    notes: tuple[str, ...] = field(default=())

    @property
    def met(self) -> bool:
        if self.bound == "at least":
            return self.judged.median >= self.floor
        return self.judged.median <= self.floor


@dataclass(frozen=True, slots=True)
class Skipped:
    """A comparison that could not be made here."""

    what: str
    why: str


Result = Row | Skipped


def alternated(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> tuple[Sample, Sample]:
    """Both sides in each round, so that what else the machine does meets both; each goes first in turn."""
    values: tuple[list[float], list[float]] = ([], [])
    sides = ((0, ours), (1, theirs))
    for number in range(rounds):
        for side, measure in sides if number % 2 == 0 else reversed(sides):
            values[side].append(measure())
    return Sample(tuple(values[0])), Sample(tuple(values[1]))


def repeated(rounds: int, measure: Callable[[], float]) -> Sample:
    return Sample(tuple(measure() for _ in range(rounds)))


def compared(  # noqa: PLR0913 - makes a Row: a value for each column
    what: str,
    unit: str,
    ours: Sample,
    peer: str,
    theirs: Sample,
    bound: Bound,
    floor: float,
    notes: Sequence[str] = (),
) -> Row:
    """Judged by the ratio of ours to theirs within each round."""
    ratios = Sample(tuple(a / b for a, b in zip(ours.values, theirs.values, strict=True)))
    return Row(what, unit, ours, peer, theirs, ratios, bound, floor, tuple(notes))


def limited(  # noqa: PLR0913 - makes a Row: a value for each column
    what: str, unit: str, ours: Sample, bound: Bound, floor: float, notes: Sequence[str] = ()
) -> Row:
    """Judged by our own value."""
    return Row(what, unit, ours, "", None, ours, bound, floor, tuple(notes))
