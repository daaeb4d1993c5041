"""Brings tables to the newest schema, by Alembic.

To be loaded only where there is something to bring: every start of every process would wait for Alembic otherwise.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

MIGRATION_LOCK = 3_291_965
"""Any number that no other program locks in the same database."""

Step = Callable[[Connection], object]


def alembic_config(connection: Connection | None = None) -> Config:
    """For Alembic's commands, which work on the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """The schema to head, in one transaction: all of it or nothing. The engine's transactions write."""
    with _changing_schema(engine) as connection:
        _one_at_a_time(connection)
        command.upgrade(alembic_config(connection), "head")


def make_and_fill(engine: Engine, schema: str, clear: Step, fill: Step, finish: Step) -> None:
    """In one transaction: what is there is cleared away, the tables of a schema are made and filled, then brought
    to the newest; and what is left to do to those is done. The engine's transactions write."""
    with _changing_schema(engine) as connection:
        _one_at_a_time(connection)
        clear(connection)
        command.upgrade(alembic_config(connection), schema)
        fill(connection)
        command.upgrade(alembic_config(connection), "head")
        finish(connection)


def _one_at_a_time(connection: Connection) -> None:
    """Of several machines that start together one migrates, and the others find it done. SQLite's BEGIN IMMEDIATE
    has the same effect."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")


@contextmanager
def _changing_schema(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, which may rebuild tables that others refer to.

    On SQLite a table is altered by making it anew, and its foreign keys would not let the old one go. So they are
    off meanwhile, which cannot be said inside a transaction, and all is checked before the commit:
    https://www.sqlite.org/lang_altertable.html#otheralter. Raises RuntimeError, and changes nothing, if a row
    then refers to none.
    """
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection
        driver.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if lost := connection.exec_driver_sql("PRAGMA foreign_key_check").all():
                    raise RuntimeError(f"the migration leaves rows that refer to none: {lost[:10]}")
        finally:
            driver.cursor().execute("PRAGMA foreign_keys=ON")
