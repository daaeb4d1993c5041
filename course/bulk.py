"""What the two databases do alike and spell differently; above all many rows in one statement.

On PostgreSQL each column travels as one array; on SQLite the driver loops.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.models import Base

Rows = Sequence[Mapping[str, Any]]


def on_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def utc_day(session: Session, moment: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The UTC day of a moment, as `2026-03-27`."""
    return _written(session, moment, "YYYY-MM-DD", "%Y-%m-%d")


def utc_hour(session: Session, moment: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The UTC hour of a moment, as `2026-03-27T06`."""
    return _written(session, moment, 'YYYY-MM-DD"T"HH24', "%Y-%m-%dT%H")


def _written(
    session: Session, moment: InstrumentedAttribute[Any], postgresql_form: str, sqlite_form: str
) -> ColumnElement[str]:
    if on_postgresql(session):
        return func.to_char(func.timezone("UTC", moment), postgresql_form)
    return func.strftime(sqlite_form, moment)


def insert_into(session: Session, model: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can be told what to do about a row that is there already."""
    return postgresql.insert(model) if on_postgresql(session) else sqlite.insert(model)


def insert_many(session: Session, model: type[Base], rows: Rows) -> None:
    """All rows have the same keys: names of columns. A row that is there already is passed over."""
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    if not on_postgresql(session):
        session.connection().execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))
        return
    given = _Given(session, table, rows, tuple(rows[0])[:1])
    chosen = ", ".join(given.place(column) for column in rows[0])
    # Only names of our own columns are put into the statement.
    statement = f"INSERT INTO {table.name} ({', '.join(rows[0])}) SELECT {chosen} FROM {given.source}"  # noqa: S608
    session.execute(text(f"{statement} ON CONFLICT DO NOTHING"), given.parameters)


def update_many(session: Session, model: type[Base], rows: Rows) -> None:
    """Each row is found by its `id` and given the other keys' values."""
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    changed = [column for column in rows[0] if column != "id"]
    if not on_postgresql(session):
        values: dict[str, Any] = {column: bindparam(f"{column}_") for column in changed}
        renamed = [{f"{column}_": value for column, value in row.items()} for row in rows]
        session.connection().execute(update(table).where(table.c.id == bindparam("id_")).values(values), renamed)
        return
    given = _Given(session, table, rows, ("id",))
    assignments = ", ".join(f"{column} = {given.place(column)}" for column in changed)
    # Only names of our own columns are put into the statement.
    statement = f"UPDATE {table.name} SET {assignments} FROM {given.source} WHERE {table.name}.id = given.id"  # noqa: S608
    session.execute(text(statement), given.parameters)


def among(session: Session, column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column has one of many values: one array on PostgreSQL, not a thousand parameters."""
    if on_postgresql(session):
        given = select(cast(literal(_array(values), Text()), ARRAY(column.type))).scalar_subquery()
        # As a query of its own it is read once, even if the planner takes the table for a small one and reads all
        # of it: text becomes an array by a function that PostgreSQL would call again for each row.
        return column == any_(cast(given, ARRAY(column.type)))
    return column.in_(values)


def _array(values: Sequence[Any]) -> str:
    """As PostgreSQL reads it (its manual, section 8.15.6). The driver takes twice as long over a list."""
    return "{" + ",".join(["NULL" if value is None else f'"{_escaped(str(value))}"' for value in values]) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"") if '"' in text or "\\" in text else text


class _Given:
    """Rows as PostgreSQL is given them: a column that differs travels as an array, one that does not only once."""

    def __init__(self, session: Session, table: Table, rows: Rows, always: Sequence[str]) -> None:
        columns = {column: [row[column] for row in rows] for column in rows[0]}
        self._dialect, self._table = session.get_bind().dialect, table
        self._varied = [c for c, given in columns.items() if c in always or given.count(given[0]) != len(given)]
        self.parameters = {c: _array(given) if c in self._varied else given[0] for c, given in columns.items()}

    @property
    def source(self) -> str:
        arrays = ", ".join(self._cast(column, "[]") for column in self._varied)
        return f"unnest({arrays}) AS given({', '.join(self._varied)})"

    def place(self, column: str) -> str:
        """Return the SQL that stands for a row's value of this column."""
        return f"given.{column}" if column in self._varied else self._cast(column)

    def _cast(self, column: str, array: str = "") -> str:
        return f"CAST(:{column} AS {self._table.c[column].type.compile(self._dialect)}{array})"
