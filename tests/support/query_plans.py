"""How a database would do what it was asked: to show that no question reads all of a table that only grows."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from course.db import Database

GROWING = ("delivery", "attempt", "event")
WHOLE_INDEXES = ("sqlite_autoindex_", "pk_", "uq_", "ix_attempt_delivery_id", "ix_event_delivery_id_kind")
"""What the names of indexes begin with that hold every row: to walk one of them is to read all of the table."""

Question = tuple[str, Any]


@contextmanager
def questions_to(database: Database) -> Iterator[dict[str, Any]]:
    """What is asked of the database within the block: each statement once, with its last parameters."""
    asked: dict[str, Any] = {}

    def note(
        _c: Connection, _cursor: object, statement: str, parameters: Any, _context: object, many: bool
    ) -> None:
        if statement.split(" ", 1)[0] in ("SELECT", "UPDATE", "INSERT", "DELETE", "WITH"):
            rows = many and isinstance(parameters, list)
            asked[statement] = parameters[0] if rows else parameters

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def full_scans(database: Database, asked: dict[str, Any]) -> list[str]:
    """Each statement that reads a growing table to its end, with the line of its plan that says so."""
    found: list[str] = []
    with database.engine.connect() as connection:
        for statement, parameters in asked.items():
            found += [
                f"{line}: {statement}" for line in _plan(connection, statement, parameters) if is_whole(line)
            ]
        connection.rollback()
    return found


def _plan(connection: Connection, statement: str, parameters: Any) -> list[str]:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(parameters))
        return [row[3] for row in rows]
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)
    return _with_conditions([row[0] for row in rows])


def _with_conditions(lines: list[str]) -> list[str]:
    """The steps of PostgreSQL's plan, each in one line with what is told of it below: by what it searches."""
    steps: list[str] = []
    for line in lines:
        if not steps or "->" in line:
            steps.append(line)
        else:
            steps[-1] += f" {line.strip()}"
    return steps


def is_whole(line: str) -> bool:
    """Whether a line of a plan tells of a walk through all rows of a table that grows."""
    table = rf"({'|'.join(GROWING)})\b"
    whole = "|".join(WHOLE_INDEXES)
    sqlite = rf"^SCAN {table}(?! USING (COVERING )?INDEX (?!{whole}))"
    postgresql = rf"Seq Scan on {table}|Index (Only )?Scan using ({whole})\w* on {table}(?!.*Index Cond)"
    return bool(re.search(f"{sqlite}|{postgresql}", line))
