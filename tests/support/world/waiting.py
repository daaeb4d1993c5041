"""Waiting for what other processes do: asked every 30 ms, reported when in vain."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
POLL = 0.03


def wait_for(found: Callable[[], T | None], within: float = 60.0, report: Callable[[], str] = str) -> T:
    """The first true answer."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        result = found()
        if result:
            return result
        time.sleep(POLL)
    raise AssertionError(f"waited {within} s in vain\n{report()}")
