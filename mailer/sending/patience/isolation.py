"""What fails is set aside with its reason and tried again later, ever more seldom; it stops nobody else."""

import logging
from datetime import timedelta
from traceback import walk_tb

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.models import SetAside
from course.set_aside import AsideKind
from course.times import RealTime
from mailer.sending.patience.backoff import wait_after

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError, InternalError)
"""The database's own troubles: they say nothing of a row, and end by themselves."""


def reason_of(problem: BaseException) -> str:
    """What failed and where, such as `KeyError in course.schedule.facts:87`.

    No word of the exception's own: it may hold an address or a name.
    """
    places = [f"{frame.f_globals.get('__name__')}:{line}" for frame, line in walk_tb(problem.__traceback__)]
    ours = [place for place in places if place.startswith(("course.", "mailer."))] or places or ["no place"]
    return f"{type(problem).__name__} in {ours[-1]}"


def set_aside(session: Session, kind: AsideKind, key: str, problem: Exception, real: RealTime) -> None:
    """To be left alone until it is tried again."""
    known = session.get(SetAside, (kind, key), populate_existing=True)
    tries, since = (known.tries + 1, known.since) if known else (1, real)
    wait, why = timedelta(seconds=wait_after(tries, key)), reason_of(problem)
    values = {"why": why, "tries": tries, "since": since, "again_at": real + wait}
    session.execute(
        insert_into(session, SetAside)
        .values(kind=kind, key=key, **values)
        .on_conflict_do_update(index_elements=["kind", "key"], set_=values)
    )
    log.error("Set aside the %s %s for %.0f s: %s", kind, key, wait.total_seconds(), why)
