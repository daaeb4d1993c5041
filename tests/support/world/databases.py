"""The kinds of database there are, and what makes them quick in tests: no test cuts the power.

Processes of their own (`Site`, `Fleet`, `dayletter up`) wait for the disk as in earnest.
"""

from typing import Any

import pytest
from sqlalchemy import event

from course.db import Database

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)]


def rows_need_not_last(database: Database) -> None:
    """To be called before its first connection. PostgreSQL has been told already, as a server."""
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _without_waiting)


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
