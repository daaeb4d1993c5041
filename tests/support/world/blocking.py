"""A lock on the database, held by a test: whoever writes waits in the middle of it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, text

from course.db import Database


class Block:
    """`waiting` tells whether somebody stands at the lock: known on PostgreSQL only, else None."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self) -> bool | None:
        if self._connection.dialect.name == "sqlite":
            return None
        return bool(self._connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


@contextmanager
def blocked_writes(url: str, table: str) -> Iterator[Block]:
    """Nobody can write to the table (on SQLite: to any) before the block ends. Reading goes on."""
    database = Database(url) if url.startswith("sqlite") else None
    engine = database.engine if database else create_engine(url)
    with engine.execution_options(writes=True).connect() as connection:
        if database is None:
            connection.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        else:
            connection.execute(text("SELECT 1"))  # BEGIN IMMEDIATE comes with it
        try:
            yield Block(connection)
        finally:
            connection.rollback()
    engine.dispose()
