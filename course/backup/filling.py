"""The rows of a backup put into tables of its own schema, whichever kind of database it was taken from."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import IO, Any

from sqlalchemy import Connection, Date, DateTime, MetaData, Table, insert, inspect, select
from sqlalchemy.types import TypeEngine

from course.backup.container import members
from course.backup.manifest import Line, Manifest, from_lines, moment
from course.backup.numbers import count_on
from course.errors import Refused
from course.migrations.revisions import VERSION_TABLE
from course.models import Base

Heard = Callable[[str, int], object]
"""Hears what is being put back, and how many rows or files of it there were."""

Keep = Callable[[str, IO[bytes]], object]
"""Takes a file that is no table's, by its name."""


def _present(connection: Connection) -> MetaData:
    """The tables of ours that are there."""
    ours = {*Base.metadata.tables, VERSION_TABLE} & {*inspect(connection).get_table_names()}
    present = MetaData()
    present.reflect(connection, only=sorted(ours))
    return present


def refuse_rows(connection: Connection) -> None:
    """Raises Refused if there is a row in any of our tables."""
    for table in _present(connection).sorted_tables:
        if table.name != VERSION_TABLE and connection.execute(select(table).limit(1)).first() is not None:
            raise Refused(
                f"The database is not empty: there are rows in `{table.name}`. A backup is restored into an empty"
                " one: set DATABASE_URL to another, or move the SQLite file away. Nothing was changed."
            )


def drop_empty(connection: Connection) -> None:
    """Tables that `migrate` made may be of another schema than the backup."""
    refuse_rows(connection)
    _present(connection).drop_all(connection)


def fill_tables(
    connection: Connection,
    file: IO[bytes],
    manifest: Manifest,
    keep: Keep,
    heard: Heard,
) -> int:
    """Fills the tables that were just made, and gives all else in the file to `keep`; how many rows."""
    tables = MetaData()
    tables.reflect(connection)
    rows = files = 0
    for name, content in members(file):
        match name.split("/"):
            case ["rows", name_of_table, _]:
                lines = from_lines(content.read())
                _insert(connection, tables.tables[name_of_table], manifest.tables[name_of_table], lines)
                rows += len(lines)
                heard("rows", rows)
            case ["media", _] | ["secret"]:
                keep(name, content)
                files += 1
                heard("media", files)
    for table in tables.sorted_tables:
        count_on(connection, table)
    return rows


def _insert(connection: Connection, table: Table, columns: Sequence[str], lines: Sequence[Line]) -> None:
    kinds = [table.c[column].type for column in columns]
    rows = [
        {column: _value(kind, value) for column, kind, value in zip(columns, kinds, line, strict=True)}
        for line in lines
    ]
    connection.execute(insert(table), rows)


def _value(kind: TypeEngine[Any], value: Any) -> Any:
    if value is not None and isinstance(kind, DateTime):
        return moment(value)
    if value is not None and isinstance(kind, Date):
        return date.fromisoformat(value)
    return value
