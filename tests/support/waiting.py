"""Waiting for what other processes do: asked every 30 ms, and as patient as the slowest machine needs."""

import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

T = TypeVar("T")
POLL = 0.03
PATIENCE = 300.0
"""Seconds after which something is taken to be wrong, rather than slow. No test that passes waits as long."""
QUIET = 0.1
"""Seconds that the loop of `slowness` takes on a machine of our size when it has nothing else to do."""
REMEASURED = 30.0
"""Seconds after which that is looked at again."""


def wait_for(
    found: Callable[[], T | None],
    report: Callable[[], str] = str,
    *,
    within: float | None = None,
    hopeless: Callable[[], bool] = lambda: False,
) -> T:
    """The first true answer of `found`. Raises AssertionError with the `report` when `PATIENCE` (or `within`, in
    seconds) is over, and at once when it is `hopeless`: as a rule, when who is to do it has died."""
    limit = PATIENCE if within is None else within
    deadline = time.monotonic() + limit
    while True:
        lost = hopeless()
        if result := found():
            return result
        if lost or time.monotonic() > deadline:
            raise AssertionError(f"{'hopeless' if lost else f'waited {limit} s in vain'}\n{report()}")
        time.sleep(POLL)


def slowness() -> float:
    """How many times as long as on a quiet machine things take here and now; 1 at the least. What must be told to
    other processes as a number of seconds is multiplied by it."""
    return _slowness(int(time.monotonic() / REMEASURED))


def seconds(quiet: float) -> str:
    """That many whole seconds, or more where it is slow, as a setting."""
    return f"{quiet * slowness():.0f}"


@cache
def _slowness(_moment: int) -> float:
    began = time.monotonic()
    for _ in range(80):
        sum(range(100_000))
    return max(1.0, (time.monotonic() - began) / QUIET)
