"""The daily purge: what is past its time goes, a portion at each step, beside planning."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.db import Database
from course.erasure.copies import remove_copies
from course.erasure.learner import Erased
from course.erasure.overdue import MATTERS
from course.erasure.purge import Purged, purge_portion
from course.models import Chore
from course.settings import Settings
from course.times import Times
from mailer.runtime import Runtime

PURGE = "purge"
A_DAY = timedelta(days=1)
LOOK_SECONDS = 60

log = logging.getLogger(__name__)


class DailyPurge:
    """Of one clock process. All of them may do it at once; who is done first says when it is due again."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._look_at = 0.0
        self._portions: Iterator[tuple[str, Purged]] | None = None
        self._gone: dict[str, int] = {}

    def go_on(self) -> None:
        """Does one portion, if it is the time of the day."""
        if self._portions is None:
            if self._is_due():
                clock = self._runtime.clock
                self._portions = portions(self._runtime.db, self._runtime.settings, clock.times())
            return
        try:
            kind, purged = next(self._portions, ("", None))
        except Exception:
            # A generator that raised is at its end, but the purge is not: it begins again at the next look.
            self._portions = None
            raise
        if purged is None:
            self._end()
        elif purged.count:
            self._gone[kind] = self._gone.get(kind, 0) + purged.count

    def _is_due(self) -> bool:
        steady = self._runtime.clock.steady()
        if steady < self._look_at:
            return False
        self._look_at = steady + LOOK_SECONDS
        with self._runtime.db.read() as session:
            due_at = session.scalar(select(Chore.due_at).where(Chore.name == PURGE))
        real = self._runtime.clock.real()
        # One that is further away was set by a clock that was ahead.
        return due_at is None or due_at <= real or due_at > real + A_DAY

    def _end(self) -> None:
        due_at = self._runtime.clock.real() + A_DAY
        self._runtime.db.transact(partial(_set_due, due_at=due_at))
        if self._gone:
            log.info("Purged: %s", ", ".join(f"{count:,} {kind}" for kind, count in self._gone.items()))
        self._portions, self._gone = None, {}


def portions(database: Database, settings: Settings, times: Times) -> Iterator[tuple[str, Purged]]:
    """Purges all that is past its time; after each portion, each a transaction of its own, its kind and itself."""
    for kind in MATTERS:
        days = settings.retention[kind]
        more = days is not None
        while more and days is not None:
            work = partial(purge_portion, kind=kind, days=days, times=times)
            purged = database.transact(work)
            more = purged.more
            if purged.mails:
                remove_copies(database, settings.outbox, Erased(purged.mails))
            yield kind, purged
    database.overwrite_erased()


def _set_due(session: Session, due_at: datetime) -> None:
    fresh = insert_into(session, Chore).values(name=PURGE, due_at=due_at)
    session.execute(fresh.on_conflict_do_update(index_elements=["name"], set_={"due_at": due_at}))
