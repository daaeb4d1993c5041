"""When a batch has to end before its last letter: on a request to stop, because its time is over, or for somebody
who waits at a screen."""

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


class GivesWay(Ended):
    """It goes on once somebody who waits at a screen has been served."""


LOOK_SECONDS = 1.0
"""How often Redis is asked whether somebody waits. A batch gives way to who has been waiting for two looks, since
another worker may be free. So each batch gets on for a while, however many there are who wait."""
AWAY_SECONDS = 60.0
"""Until Redis is asked again when it was away: to find that out may take seconds, in which nothing is sent."""


@dataclass(slots=True)
class Screens:
    """Whether somebody waits at a screen, for as long as no worker is free. Steady seconds."""

    runtime: Runtime
    look_at: float
    waited: bool = False

    def wait(self) -> bool:
        now = self.runtime.clock.steady()
        if now < self.look_at:
            return False
        waits = self.runtime.queue.somebody_waits()
        self.look_at = now + (AWAY_SECONDS if waits is None else LOOK_SECONDS)
        waited, self.waited = self.waited, bool(waits)
        return waited and self.waited


@dataclass(frozen=True, slots=True)
class Ending:
    """Of one batch. `until` is in steady seconds, which nobody can set. With `screens`, it gives way to them."""

    runtime: Runtime
    stopping: Stopping
    until: float
    screens: Screens | None = None

    def look(self) -> None:
        """Raises Ended."""
        if self.stopping():
            raise Ended("this worker was asked to stop")
        if self.runtime.clock.steady() > self.until:
            raise Ended(f"its {time_limits.BATCH:.0f} seconds were over")
        if self.screens and self.screens.wait():
            raise GivesWay("somebody waits at a screen")


def ending_of(runtime: Runtime, stopping: Stopping, *, gives_way: bool = False) -> Ending:
    """Of a batch that begins now."""
    now = runtime.clock.steady()
    screens = Screens(runtime, now + LOOK_SECONDS) if gives_way else None
    return Ending(runtime, stopping, now + time_limits.BATCH, screens)


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
