"""Many rows in one statement. On PostgreSQL each column travels as one array; elsewhere the driver loops."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Table, any_, bindparam, literal, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.models import Base

Rows = Sequence[Mapping[str, Any]]


def insert_many(session: Session, model: type[Base], rows: Rows) -> None:
    """All rows have the same keys: names of columns. A row that is there already is passed over."""
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    if session.get_bind().dialect.name != "postgresql":
        session.connection().execute(insert(table).on_conflict_do_nothing(), list(rows))
        return
    values = {column: [row[column] for row in rows] for column in rows[0]}
    # What is the same in all rows travels once.
    same = [column for column, given in values.items() if len(set(given)) == 1]
    varied = [column for column in values if column not in same]
    chosen = ", ".join([*varied, *(_cast(session, table, column) for column in same)])
    # Only names of our own columns are put into the statement.
    statement = f"INSERT INTO {table.name} ({', '.join([*varied, *same])}) SELECT {chosen}"
    if varied:
        statement += f" FROM {_arrays(session, table, varied)}"
    statement += " ON CONFLICT DO NOTHING"
    session.execute(text(statement), {**values, **{column: values[column][0] for column in same}})


def update_many(session: Session, model: type[Base], rows: Rows) -> None:
    """Each row is found by its `id` and given the other keys' values."""
    if not rows:
        return
    table = Base.metadata.tables[model.__tablename__]
    changed = [column for column in rows[0] if column != "id"]
    if session.get_bind().dialect.name != "postgresql":
        values: dict[str, Any] = {column: bindparam(f"{column}_") for column in changed}
        renamed = [{f"{column}_": value for column, value in row.items()} for row in rows]
        session.connection().execute(update(table).where(table.c.id == bindparam("id_")).values(values), renamed)
        return
    assignments = ", ".join(f"{column} = given.{column}" for column in changed)
    given = _arrays(session, table, list(rows[0]))
    # Only names of our own columns are put into the statement.
    statement = f"UPDATE {table.name} SET {assignments} FROM {given} WHERE {table.name}.id = given.id"  # noqa: S608
    session.execute(text(statement), {column: [row[column] for row in rows] for column in rows[0]})


def among(session: Session, column: InstrumentedAttribute[Any], values: Sequence[Any]) -> ColumnElement[bool]:
    """Whether a column has one of many values: one array on PostgreSQL, not a thousand parameters."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def _arrays(session: Session, table: Table, columns: Sequence[str]) -> str:
    casts = (_cast(session, table, column, "[]") for column in columns)
    return f"unnest({', '.join(casts)}) AS given({', '.join(columns)})"


def _cast(session: Session, table: Table, column: str, array: str = "") -> str:
    return f"CAST(:{column} AS {table.c[column].type.compile(session.get_bind().dialect)}{array})"
