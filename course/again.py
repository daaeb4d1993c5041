"""What the database broke off for the sake of another transaction is done again, as a whole.

Locks are taken in one order (`course.locks`), so that this is rare. It is not impossible: PostgreSQL's manual asks
its users to be ready (section 13.5, https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html).
SQLite has one writer at a time and breaks nothing off.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
MOST_TRIES = 5

BROKEN_OFF = {
    "40001",  # serialization_failure
    "40P01",  # deadlock_detected
    "23505",  # unique_violation: another's row came between our look and our own; a second look sees it
}
"""SQLSTATEs that the manual names as worth another try: appendix A has them all."""

log = logging.getLogger(__name__)


def as_a_whole(deed: Callable[[], T]) -> T:
    """Does something that has one transaction, and does it again if that was broken off.

    Raises what the last of `MOST_TRIES` tries raised.
    """
    for _ in range(MOST_TRIES - 1):
        try:
            return deed()
        except DBAPIError as problem:
            if not was_broken_off(problem):
                raise
            log.warning("The database broke a transaction off (%s); it is done again", _sqlstate(problem))
    return deed()


def was_broken_off(problem: DBAPIError) -> bool:
    """Whether the same once more may well succeed: nothing was wrong but the moment."""
    return _sqlstate(problem) in BROKEN_OFF


def _sqlstate(problem: DBAPIError) -> str:
    """Five characters of PostgreSQL's; empty on SQLite."""
    return getattr(problem.orig, "sqlstate", None) or ""
