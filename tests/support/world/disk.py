"""No test cuts the power: what it writes need not reach the disk, and waiting for that took most of their time.

Processes of their own (`Site`, `Fleet`, `dayletter up`) wait as in earnest.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from course.db import Database


@contextmanager
def files_need_not_last() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


def rows_need_not_last(database: Database) -> None:
    """To be called before its first connection. PostgreSQL has been told already, as a server."""
    if database.engine.dialect.name == "sqlite":
        event.listen(database.engine, "connect", _without_waiting)


def _without_waiting(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")
