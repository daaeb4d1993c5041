"""How much of a video was seen, in slices of five seconds.

`seen` is a number whose bit n stands for the slice from 5n seconds on; forms and rows hold it in hex digits.
"""

import re
from dataclasses import dataclass

from course.errors import Invalid

SLICE_SECONDS = 5
MOST_DIGITS = 4000


@dataclass(frozen=True, slots=True)
class Watched:
    stopped_at: int
    seen: int


NOTHING = Watched(0, 0)


def read_watched(stopped_at: str, seen: str, seconds: int) -> Watched:
    """Read what a player reports of a video of `seconds`; what lies beyond its end is left out. Raises Invalid."""
    if not re.fullmatch(r"[0-9]{1,6}", stopped_at):
        raise Invalid({"stopped_at": "This is no number of seconds."})
    if not re.fullmatch(rf"[0-9a-f]{{1,{MOST_DIGITS}}}", seen):
        raise Invalid({"seen": "This is no row of slices in hex digits."})
    return Watched(min(int(stopped_at), seconds), int(seen, 16) & _all_of(seconds))


def joined(before: Watched, now: Watched) -> Watched:
    """Join two reports of one video: what was once seen stays seen, and the last place where one stopped holds."""
    return Watched(now.stopped_at, before.seen | now.seen)


def share(seen: int, seconds: int) -> float:
    """How much of a video of this length was seen, from 0 to 1."""
    return (seen & _all_of(seconds)).bit_count() / _slices(seconds) if seconds else 0.0


def _slices(seconds: int) -> int:
    return -(-seconds // SLICE_SECONDS)


def _all_of(seconds: int) -> int:
    return (1 << _slices(seconds)) - 1
