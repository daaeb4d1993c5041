"""The lease of a claim, kept up as long as its worker lives, whatever that is waiting for."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from mailer import time_limits
from mailer.runtime import Runtime
from mailer.sending.record import renew_lease

log = logging.getLogger(__name__)

LOOK_AGAIN = 1 / 3
"""Of a lease: before a letter, the last look at the rows may not be older."""
RENEW = 1 / 4
"""Of a lease, so that the look before a letter is seldom due."""


class Lease:
    """Of one claim, which its worker has just made."""

    def __init__(self, runtime: Runtime, owner: str) -> None:
        self._runtime, self._owner = runtime, owner
        self._looked = runtime.clock.real(), runtime.clock.steady()
        self._ends = runtime.clock.steady() + time_limits.JOB

    def keep(self) -> bool:
        """False if the claim has no letter under way any more: another machine, which leaves no mark in our
        journal, took it up. Steady time stands still while a machine is suspended, and real time may jump: the
        one that tells of more counts."""
        (real, steady), clock = self._looked, self._runtime.clock
        passed = max(abs((clock.real() - real).total_seconds()), clock.steady() - steady)
        return passed < time_limits.LEASE * LOOK_AGAIN or self._renew()

    def keep_up(self, done: threading.Event) -> None:
        """Renews it again and again, until `done`, or until it is plain that its worker is stuck."""
        while not done.wait(time_limits.LEASE * RENEW) and self._runtime.clock.steady() < self._ends:
            try:
                self._renew()
            except SQLAlchemyError as problem:
                log.warning("A lease could not be renewed (%s); trying again", type(problem).__name__)

    def _renew(self) -> bool:
        # Taken before: what is found is at least as new.
        looked = self._runtime.clock.real(), self._runtime.clock.steady()
        with self._runtime.db.write() as session:
            ours = renew_lease(session, self._owner, looked[0])
        if ours:
            self._looked = looked
        return ours


@contextmanager
def kept_up(runtime: Runtime, owner: str) -> Iterator[Lease]:
    """In a thread of its own: a provider may be silent for minutes, and tell nobody that it is still waiting."""
    lease, done = Lease(runtime, owner), threading.Event()
    thread = threading.Thread(target=lease.keep_up, args=(done,), name=f"lease {owner}", daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        done.set()
        thread.join()
