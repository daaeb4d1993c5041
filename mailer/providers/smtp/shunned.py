"""Which of several addresses to try first: what failed lately is tried last. No I/O and no clock."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)


class Shunned(Generic[Place]):
    """Remembers each place that failed for `seconds`. All moments are seconds of one steady clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._failed: dict[Place, float] = {}

    def failed(self, place: Place, now: float) -> None:
        self._failed[place] = now

    def served(self, place: Place) -> None:
        """It is well again, or was all the time."""
        self._failed.pop(place, None)

    def fresh(self, places: Sequence[Place], now: float) -> list[Place]:
        """Those that have not failed lately, in their order."""
        return [place for place in places if now - self._failed.get(place, float("-inf")) >= self._seconds]

    def in_order(self, places: Sequence[Place], now: float) -> list[Place]:
        """All of them: the fresh ones in their order, then the others, first what failed longest ago."""
        fresh = self.fresh(places, now)
        return fresh + sorted((place for place in places if place not in fresh), key=self._failed.__getitem__)
