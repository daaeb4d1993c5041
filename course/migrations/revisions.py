"""Which schema a database has, which this Dayletter needs, and what to do where they differ."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from course.errors import WrongSchema

VERSION_TABLE = "alembic_version"


@cache
def schemas() -> tuple[str, ...]:
    """The number of each schema so far, oldest first: that with which the name of its migration's file begins."""
    return tuple(sorted(file.stem[:4] for file in (Path(__file__).parent / "versions").glob("[0-9]*.py")))


def schema_in(connection: Connection) -> str | None:
    """The number of the schema that the database has; None before the first `migrate`."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - ours
    return found


def require_newest(connection: Connection) -> None:
    """Raises WrongSchema where the database has another schema than this Dayletter's."""
    if problem := schema_problem(schema_in(connection), schemas()):
        raise WrongSchema(problem)


def schema_problem(present: str | None, known: Sequence[str]) -> str:
    """What is wrong with a schema and what to run, in a line; nothing where it is the newest of the known ones."""
    if present is None:
        return "The database has no tables yet. Run `dayletter migrate`."
    if present not in known:
        return (
            f"The database is of a newer Dayletter: its schema is {present}, and this one knows none after"
            f" {known[-1]}. Install that newer Dayletter, or set DATABASE_URL to another database."
        )
    if present != known[-1]:
        return f"The database has schema {present}, and this Dayletter needs {known[-1]}. Run `dayletter migrate`."
    return ""
