"""Many looks at once: each finding as soon as those before it are known, and none waited for in vain."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from time import monotonic

from course.checkup import Finding
from course.traces import reason_of

PATIENCE = 45.0
"""Seconds that all looks have together."""


@dataclass(frozen=True, slots=True)
class Look:
    """`findings` may take its time, and may fail: then it is said that it could not be asked."""

    about: str
    findings: Callable[[], Iterable[Finding]]


def look_at(looks: Sequence[Look], patience: float = PATIENCE) -> Iterator[Finding]:
    """What all of them find, in their order. They are begun at once; nothing is raised."""
    ends_at = monotonic() + patience
    begun = [(look, _begin(look)) for look in looks]
    for look, found in begun:
        try:
            yield from found.result(max(0.0, ends_at - monotonic()))
        except TimeoutError:
            yield could_not_be_asked(look.about, f"no answer within {patience:.0f} seconds")


def could_not_be_asked(about: str, why: str, todo: str = "Ask again later.") -> Finding:
    """The finding where nothing was found out."""
    return Finding(about, "warning", f"It could not be asked: {why}.", todo)


def _begin(look: Look) -> Future[list[Finding]]:
    found: Future[list[Finding]] = Future()

    def find() -> None:
        try:
            found.set_result(list(look.findings()))
        # Whatever one look stumbles over, the others are still told.
        except Exception as problem:
            found.set_result([could_not_be_asked(look.about, reason_of(problem), "Tell the people of Dayletter.")])

    # A daemon: nobody who wants to end waits for a server that hangs.
    threading.Thread(target=find, name=f"look at {look.about}", daemon=True).start()
    return found
