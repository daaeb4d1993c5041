"""What is past its time, removed in small portions. Nothing here commits: one portion is one transaction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, delete, func, inspect, select, text, update
from sqlalchemy.orm import Session

from course.bulk import on_postgresql
from course.erasure.learner import erase
from course.erasure.overdue import MATTERS, Matter
from course.errors import NotFound
from course.models import Event
from course.retention.days import Retention
from course.times import Times

PORTION = 500
PEOPLE = 20
"""Learners to a portion: each of them may have hundreds of rows."""

LOCK_LOG = "CREATE TRIGGER deed_no_delete BEFORE DELETE ON deed BEGIN SELECT RAISE(ABORT, '{why}'); END"
WHY_LOCKED = "the log of deeds is only added to"


@dataclass(slots=True)
class Purged:
    """One portion: how many were removed, whether there may be more, and the ids of mails whose copies go too."""

    count: int = 0
    more: bool = False
    mails: list[str] = field(default_factory=list)


def count_overdue(session: Session, retention: Retention, times: Times) -> Mapping[str, int]:
    """How many of each kind would go now."""
    return {
        kind: session.scalar(select(func.count()).select_from(matter.table).where(matter.past(before))) or 0
        for kind, matter, before in _of(retention, times)
    }


def _of(retention: Retention, times: Times) -> Iterator[tuple[str, Matter, Any]]:
    for kind, matter in MATTERS.items():
        days = retention[kind]
        if days is not None:
            yield kind, matter, matter.before(days, times)


def purge_portion(session: Session, kind: str, days: int, times: Times) -> Purged:
    """Removes the oldest of a kind that are past their days. Any number of processes may do it at once."""
    matter = MATTERS[kind]
    most = PEOPLE if kind in ("unconfirmed", "learners") else PORTION
    ids = session.scalars(_oldest(matter, matter.before(days, times), most)).all()
    purged = Purged(len(ids), len(ids) == most)
    if kind in ("unconfirmed", "learners"):
        for learner_id in ids:
            # Another process may have been there.
            with suppress(NotFound):
                purged.mails += erase(session, learner_id, times.now, wished=False).mails
    elif ids:
        REMOVE.get(kind, _delete)(session, matter, ids)
    return purged


def _oldest(matter: Matter, before: Any, most: int) -> Select[Any]:
    [key] = inspect(matter.table).primary_key
    if matter.table is Event and matter is MATTERS["events"]:
        # They come in the order of their numbers: the first ones tell, without a look at millions of others.
        first = select(Event.id, Event.received_at).order_by(Event.id).limit(most).subquery()
        return select(first.c.id).where(first.c.received_at < before)
    return select(key).where(matter.past(before)).order_by(key).limit(most)


def _delete(session: Session, matter: Matter, ids: Sequence[Any]) -> None:
    """Of events too. Whoever folds them into counts for the numbers does so here, in the same transaction."""
    [key] = inspect(matter.table).primary_key
    session.execute(delete(matter.table).where(key.in_(ids)))


def _empty(session: Session, _matter: Matter, ids: Sequence[Any]) -> None:
    """The event stays, for the numbers."""
    session.execute(update(Event).where(Event.id.in_(ids)).values(raw={}))


def _delete_deeds(session: Session, matter: Matter, ids: Sequence[Any]) -> None:
    with _log_open(session):
        _delete(session, matter, ids)


@contextmanager
def _log_open(session: Session) -> Iterator[None]:
    """The database refuses to remove a deed, except here, and to nobody else meanwhile."""
    if on_postgresql(session):
        session.execute(text("ALTER TABLE deed DISABLE TRIGGER deed_no_delete"))
        yield
        session.execute(text("ALTER TABLE deed ENABLE TRIGGER deed_no_delete"))
    else:
        session.execute(text("DROP TRIGGER deed_no_delete"))
        yield
        session.execute(text(LOCK_LOG.format(why=WHY_LOCKED)))


REMOVE: Mapping[str, Callable[[Session, Matter, Sequence[Any]], None]] = {
    "agents": _empty,
    "deeds": _delete_deeds,
}
