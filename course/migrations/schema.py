"""A database brought to the newest schema."""

from importlib import import_module

from course.db import Database
from course.errors import WrongSchema
from course.migrations.revisions import schema_in, schema_problem, schemas


def migrate_database(database: Database) -> None:
    """The schema to the newest; does nothing where it is there already. Raises WrongSchema where a newer Dayletter
    has been."""
    with database.engine.connect() as connection:
        present = schema_in(connection)
    if present is not None and present not in schemas():
        raise WrongSchema(schema_problem(present, schemas()))
    if present != schemas()[-1]:
        import_module("course.migrations.upgrade").upgrade(database.writing)


def is_current(database: Database) -> bool:
    """Whether the schema is this version's."""
    with database.engine.connect() as connection:
        return schema_in(connection) == schemas()[-1]
