"""What it means for a learner under way to be moved to the newest edition: a pure decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass


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
