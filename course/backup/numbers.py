"""From which number a restored database counts on."""

from sqlalchemy import Connection, Integer, Table, func, select, text

from course.models import Base

GAP = 100_000
"""More learners than have come, or were erased, since any backup that is of use. A number ends at two thousand
million."""


def count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL does not notice the ids that it did not give itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.c or not isinstance(table.c.id.type, Integer):
        return
    last = connection.scalar(select(func.max(table.c.id)))
    if last is not None:
        _count_from(connection, table, last)


def leave_a_gap(connection: Connection) -> None:
    """What stands in links of mails is never given to another: neither the numbers of those who came after the
    backup, nor of those who were erased before it. The backup knows of neither, and their mails are out."""
    for table in Base.metadata.sorted_tables:
        if table.dialect_kwargs.get("sqlite_autoincrement"):
            last = connection.scalar(select(func.max(table.c.id))) or 0
            _count_from(connection, table, last + GAP)


def _count_from(connection: Connection, table: Table, last: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), last)))
        return
    row = {"name": table.name, "last": last}
    connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), row)
