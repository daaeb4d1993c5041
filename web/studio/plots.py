"""Where the marks of a plot stand, in hundredths of its width and height. Pure.

The plots are SVG that templates of ours write: they take the page's colours, in light and dark, and load nothing.
Libraries were weighed: pygal writes styles into each picture and needs a script for its hints, Vega is one. Both
would open the page's Content-Security-Policy, for bars and a curve.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.learning.feedback import SCORES

FULL = 100.0
DEPTHS = 5
"""Tones of a heat map."""

MARKS = (
    *("due", "arrived", "visited", "completed", "began", "finished"),
    *(f"s{score}" for score in SCORES),
    *(f"d{depth}" for depth in range(DEPTHS + 1)),
)
"""The classes that say what a mark stands for; the style sheet has a tone for each."""


@dataclass(frozen=True, slots=True)
class Column:
    """One of several beside each other: where it begins, how wide it is, how high."""

    x: float
    width: float
    height: float


def columns(values: Sequence[int], most: int, *, of: int = 1, place: int = 0) -> tuple[Column, ...]:
    """One column for each value; `most` is as high as the plot. Of `of` columns side by side it is the one at
    `place`, from 0."""
    step = FULL / max(1, len(values))
    width = step * 0.8 / of
    return tuple(
        Column(number * step + step * 0.1 + place * width, width, FULL * value / most if most else 0.0)
        for number, value in enumerate(values)
    )


def share(part: float, whole: float) -> float:
    """A part in hundredths of the whole; 0 of nothing."""
    return FULL * part / whole if whole else 0.0


def stair(points: Sequence[tuple[int, int]], last: int, most: int) -> str:
    """The path of a curve that climbs at each point and is level between: from the lower left to the right edge.

    `last` is what the right edge stands for, `most` what the upper one does.
    """
    path = [f"M0 {FULL:.0f}"]
    for x, y in points:
        path += [f"H{share(x, last):.2f}", f"V{FULL - share(y, most):.2f}"]
    return " ".join([*path, f"H{FULL:.0f}"])


def depth(value: int, most: int) -> int:
    """The tone of a value in a heat map: 0 for nothing, else from 1 to DEPTHS for the most."""
    return -(-value * DEPTHS // most) if most else 0


def hours_of_week(counts: Mapping[tuple[int, int], int]) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Seven rows of 24 pairs, Monday's midnight first: how many, and in which tone."""
    most = max(counts.values(), default=0)
    return tuple(
        tuple((value, depth(value, most)) for hour in range(24) for value in [counts.get((day, hour), 0)])
        for day in range(7)
    )
