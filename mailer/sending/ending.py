"""When a batch has to end before its last letter: on a request to stop, or because its time is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailer import time_limits
from mailer.runtime import Runtime
from mailer.sending.journal import Journal, TakenUp
from mailer.sending.lease import Lease

Stopping = Callable[[], bool]
"""Whether this process was asked to stop."""


def never() -> bool:
    """Answer for a process that nobody asks to stop."""
    return False


class Ended(Exception):
    """No further letter of this batch may be begun here. Says why."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Of one batch. `until` is in steady seconds, which nobody can set."""

    runtime: Runtime
    stopping: Stopping
    until: float

    def look(self) -> None:
        """Raises Ended."""
        if self.stopping():
            raise Ended("this worker was asked to stop")
        if self.runtime.clock.steady() > self.until:
            raise Ended(f"its {time_limits.BATCH:.0f} seconds were over")


def ending_of(runtime: Runtime, stopping: Stopping) -> Ending:
    """Of a batch that begins now."""
    return Ending(runtime, stopping, runtime.clock.steady() + time_limits.BATCH)


@dataclass(slots=True)
class MayBegin:
    """What a provider asks before a letter may be taken. Letters that must not begin leave no trace.

    `held`: sending was put on hold meanwhile.
    """

    ending: Ending
    written: Journal
    lease: Lease
    owner: str
    held: bool = False

    def __call__(self, attempts: Sequence[str]) -> None:
        self.ending.look()
        if self.held:
            raise Ended("sending is on hold")
        if not attempts:
            return
        self.written.begin(attempts)
        if not self.lease.keep():
            raise TakenUp(self.owner)
