"""What it means for a learner under way to be moved to the newest edition: a pure decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from course.schedule.progress import Facts, Send, next_step
from course.schedule.rhythm import A_DAY, first_moment, local_date


@dataclass(frozen=True, slots=True)
class EditionMove:
    """`lessons` are the learner's from then on: those they `had`, as they came, then those still `coming`.

    `added` are coming and were not theirs before; `dropped` were, and fall away before they came.
    """

    lessons: tuple[str, ...]
    had: tuple[str, ...]
    coming: tuple[str, ...]
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def move(own: Sequence[str], had: Collection[str], newest: Sequence[str]) -> EditionMove | None:
    """Decide how a learner moves from their edition to the newest one. Returns None where nothing would change, or
    nothing would be left to come: who is at the end finishes what they began."""
    came = tuple(slug for slug in own if slug in had)
    coming = tuple(slug for slug in newest if slug not in had)
    lessons = (*came, *coming)
    if not coming or lessons == tuple(own):
        return None
    return EditionMove(
        lessons=lessons,
        had=came,
        coming=coming,
        added=tuple(slug for slug in coming if slug not in own),
        dropped=tuple(slug for slug in own if slug not in lessons),
    )


def quiet_until(facts: Facts, lessons: tuple[str, ...], now: datetime) -> datetime | None:
    """The learner's next usual moment, if these lessons would otherwise make a mail go out at once; else None.

    A mail that was due anyway is not held back.
    """
    if facts.not_before is not None and facts.not_before > now:
        return facts.not_before
    if _sends_now(facts, now) or not _sends_now(facts._replace(lessons=lessons), now):
        return None
    return first_moment(facts.rhythm, local_date(now, facts.rhythm.zone) + A_DAY)


def _sends_now(facts: Facts, now: datetime) -> bool:
    step = next_step(facts, now)
    return isinstance(step, Send) and step.at <= now
