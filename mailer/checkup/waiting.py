"""Waiting for what others do, while somebody sits at a screen."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """`say` hears how long it has been. Seconds: for a mail to arrive, for its event to be heard, between two
    looks, and between two words of progress."""

    say: Callable[[str], object]
    arrival: float = 90.0
    event: float = 120.0
    look: float = 2.0
    word: float = 10.0

    def until(self, found: Callable[[], T | None], seconds: float, what: str) -> T | None:
        """What is found in time; None if nothing is. At least one look is taken."""
        began = told = time.monotonic()
        while (result := found()) is None and (now := time.monotonic()) - began < seconds:
            if now - told >= self.word:
                told = now
                self.say(f"Waiting for {what} ({now - began:.0f} of {seconds:.0f} seconds) ...")
            time.sleep(self.look)
        return result
