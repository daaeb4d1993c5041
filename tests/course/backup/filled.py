"""A database with rows in every table, of every type, made from the tables themselves: a new one is filled too."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, String, Table, func, insert, select
from sqlalchemy.types import TypeEngine

from course.db import Database, UTCDateTime
from course.models import Base

ROWS = 7
WORDS = ("", "Ada", "Łódź 東京 🍞", "a\nb\r\nc\u2028d\x85e\tf", 'it\'s "so" \\ {1,2}', "null", "\ufeff", "0")
BEGAN = datetime(2026, 3, 27, 6, 0, tzinfo=UTC)


def fill_all(database: Database, seed: int) -> None:
    """So many rows in each table, but for those that have one row at most."""
    chance = Random(seed)
    with database.engine.execution_options(writes=True).begin() as connection:
        for table in Base.metadata.sorted_tables:
            parents = {
                key.parent.name: connection.scalars(select(key.column).order_by(key.column)).all()
                for key in table.foreign_keys
            }
            count = 1 if table.name in ("hold", "deployment") else ROWS
            connection.execute(
                insert(table), [_row(table, number, parents, chance) for number in range(1, count + 1)]
            )
            if (
                connection.dialect.name == "postgresql"
                and "id" in table.c
                and isinstance(table.c.id.type, Integer)
            ):
                connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), 1000)))


def _row(table: Table, number: int, parents: Mapping[str, Any], chance: Random) -> dict[str, Any]:
    return {
        column.name: parents[column.name][number % len(parents[column.name])]
        if column.name in parents
        else None
        if column.nullable and chance.random() < 0.5
        else _value(column.type, number, chance)
        for column in table.columns
    }


def _value(kind: TypeEngine[Any], number: int, chance: Random) -> Any:
    """Another one for each number, in case it has to be."""
    match kind:
        case UTCDateTime():
            return BEGAN + timedelta(days=number, microseconds=chance.choice((0, 1, 999_999)))
        case Date():
            return date(2026, 3, number)
        case Boolean():
            return chance.random() < 0.5
        case Integer():
            return number
        case JSON():
            return {"words": chance.choice(WORDS), "deep": [1, 1.5, None, True, {"n": number}]}
        case String():
            room = kind.length or 80
            return f"{number}{chance.choice(WORDS)}"[:room]
    raise TypeError(kind)


def all_rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.read() as session:
        return {
            table.name: sorted((dict(row) for row in session.execute(select(table)).mappings()), key=repr)
            for table in Base.metadata.sorted_tables
        }
