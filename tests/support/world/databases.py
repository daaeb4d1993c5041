"""The kinds of database there are, and what makes them quick in tests: no test cuts the power.

Processes of their own (`Site`, `Fleet`, `dayletter up`) wait for the disk as in earnest.
"""

from typing import Any

import pytest
from sqlalchemy import Dialect, event

from course.db import Database

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


def rows_need_not_last(database: Database) -> None:
    """To be called before its first connection. PostgreSQL has been told already, as a server."""
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _without_waiting)


def statements_compiled_once(database: Database) -> None:
    """To be called before its first connection. It takes over what databases of its kind before it have compiled:
    SQLAlchemy keeps a statement's text by the engine and its dialect."""
    own = database.engine
    dialect, compiled = _kept.setdefault(own.dialect.name, (own.dialect, own._compiled_cache))
    for engine in (own, database.reading, database.writing, database.jotting):
        engine.dialect, engine._compiled_cache = dialect, compiled


_kept: dict[str, tuple[Dialect, Any]] = {}


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
