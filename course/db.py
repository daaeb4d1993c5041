"""Engine and sessions. SQLite (WAL) and PostgreSQL behave alike to everything above."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Dialect, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from course.again import as_a_whole
from course.ids import new_id
from course.migrations.revisions import require_newest

T = TypeVar("T")
Hurry = Callable[[Sequence[str]], object]
"""Hears of the batches that a transaction has posted, once they are safe: such as `MailQueue.hurry`."""

FORGETFUL = "forgetful"
"""Set in the `info` of a connection to a PostgreSQL that confirms commits before they are safe."""

BUSY_MILLISECONDS = 20_000
JOT_MILLISECONDS = 500
OVERWRITE_MILLISECONDS = 2_000
POSTED = "batches posted"
"""Where a session that may post mails keeps its batches, by what their mails say."""

AT_A_SCREEN = "w"
"""The first letter of a batch that somebody waits for at a screen: no other name, made of hexadecimal digits,
begins so. In the name, so that whoever hurries a batch need not ask for it."""
PROVED = "ww"
"""How it begins if that is somebody who has shown to be a person: it goes before those who may be none."""

NOBODY_WAITS = "nobody waits"
"""Set in a session whose mails answer nobody at a screen, whatever kind they are of."""


class UTCDateTime(TypeDecorator[datetime]):
    """Aware moments in and out, on SQLite too. A naive one is refused: somebody forgot a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is UTC:
            return value
        # PostgreSQL's moments come in its own zone, SQLite's without any.
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Database:
    """One engine. `read()` and `write()` give a session in one transaction; `write()` commits at its end, and
    `transact()` can do it again.

    Mails are posted only where there is somebody to `hurry` them along. All of these raise WrongSchema, and do
    nothing, where the tables are not this version's.
    """

    def __init__(self, url: str, hurry: Hurry | None = None) -> None:
        self.url = url
        self._hurry = hurry
        self._fits = False
        self.engine = _engine(url)
        self.reading = self.engine
        if self.engine.dialect.name == "postgresql":
            # As in SQLite: what is read in several statements was all true at one moment.
            self.reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
        self.writing = self.engine.execution_options(writes=True)
        self.jotting = self.engine.execution_options(writes=True, patience=JOT_MILLISECONDS)

    def require_schema(self) -> None:
        """Raises WrongSchema unless the tables were this version's once since this process began."""
        if not self._fits:
            with self.engine.connect() as connection:
                require_newest(connection)
            self._fits = True

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Everything that is read is as it was when the first of it was."""
        self.require_schema()
        with Session(self.reading, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits if the block ends well, and then hurries along what was posted in it; rolls back otherwise.

        No network inside.
        """
        self.require_schema()
        posted: defaultdict[object, str] = defaultdict(new_id)
        info = {POSTED: posted} if self._hurry else None
        with Session(self.writing, expire_on_commit=False, info=info) as session, session.begin():
            yield session
        if self._hurry and posted:
            self._hurry(list(posted.values()))

    def transact(self, work: Callable[[Session], T]) -> T:
        """Does the work as in `write()`, and again as a whole if the database broke it off: see `as_a_whole`."""

        def once() -> T:
            with self.write() as session:
                return work(session)

        return as_a_whole(once)

    @contextmanager
    def jot(self) -> Iterator[Session]:
        """Open a writing session for what may be lost while a reader waits: where the database is locked it gives
        up soon."""
        self.require_schema()
        with Session(self.jotting, expire_on_commit=False) as session, session.begin():
            yield session

    def overwrite_erased(self) -> bool:
        """Take what was erased out of SQLite's log of writes too; whether all of it is gone.

        Deleted rows are overwritten in the file itself (`secure_delete`), but the log, a file beside it, holds
        older pages until it is emptied; who reads at this moment keeps it. Elsewhere the server looks after that.
        https://www.sqlite.org/pragma.html#pragma_wal_checkpoint
        """
        if self.engine.dialect.name != "sqlite":
            return True
        with self.engine.connect() as connection:
            driver = connection.connection.cursor()
            driver.execute(f"PRAGMA busy_timeout={OVERWRITE_MILLISECONDS}")
            (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def close(self) -> None:
        self.engine.dispose()


def batch_for(session: Session, says: tuple[object, ...], *, awaited: bool = False, first: bool = False) -> str:
    """The batch of mails that say this, in this transaction; the same for all of them. `awaited`: by somebody at a
    screen; `first`: who has shown to be a person.

    It is hurried along after the commit, whoever opened the transaction. Raises RuntimeError in one after which
    nobody hurries: a mail posted there would wait until the planning step happens to look.
    """
    posted: defaultdict[object, str] | None = session.info.get(POSTED)
    if posted is None:
        raise RuntimeError("Mails are posted in `Database(url, hurry).write()` alone: nobody would hurry this one")
    if awaited and says not in posted and not session.info.get(NOBODY_WAITS):
        begin = PROVED if first else AT_A_SCREEN
        posted[says] = begin + new_id()[len(begin) :]
    return posted[says]


def is_awaited(batch: str) -> bool:
    """Whether somebody waits for it at a screen."""
    return batch.startswith(AT_A_SCREEN)


def is_first(batch: str) -> bool:
    """Whether somebody waits for it who has shown to be a person."""
    return batch.startswith(PROVED)


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        # Behind a pooler each transaction may be on another of the server's connections: none of them may be asked
        # for a statement that was prepared on another, or keep what we set.
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args={"prepare_threshold": None}
        )
        event.listen(engine, "connect", _look_at_postgresql)
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _look_at_postgresql(connection: Any, record: ConnectionPoolEntry) -> None:
    """Whether its commits may be lost, unless one asks for more; the same on each connection behind a pooler."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit') = 'off'")
        record.info[FORGETFUL] = cursor.fetchone() == (True,)
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    # A claim that a power cut takes back could be sent twice, hence FULL.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Whoever was erased is in no free page of the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Two writers that both read first would lose an update: writers queue at the start instead."""
    options = connection.get_execution_options()
    # The connection may have served somebody of another patience before.
    connection.exec_driver_sql(f"PRAGMA busy_timeout={options.get('patience', BUSY_MILLISECONDS)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """What is set ends with the transaction: behind a pooler, the next one there may be somebody else's.

    A commit that the server may still lose would let a lesson be sent twice.
    """
    options = connection.get_execution_options()
    if options.get("writes") and connection.info[FORGETFUL]:
        connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
    if (patience := options.get("patience")) is not None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience}")
