"""Databases of every schema so far, filled, on both kinds: they come to today's with every row in its place."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, select, text

from course.db import Database
from course.migrations.revisions import schemas
from course.migrations.schema import is_current, migrate_database
from course.migrations.upgrade import alembic_config
from course.models import Base
from tests.upgrade.fixture import FIXTURES, Fixture, load_rows, read_fixture, stored_rows

REPLACED = {("enrolment", "paused_until"), ("enrolment", "held"), ("event", "raw")}
"""What is kept in another form now, or not at all: the programs by which mails were opened."""

NAMES = sorted(file.stem for file in FIXTURES.glob("*.json"))


@pytest.fixture(params=NAMES)
def left(request: pytest.FixtureRequest) -> Fixture:
    return read_fixture(request.param)


@pytest.fixture
def filled(empty_database_url: str, left: Fixture) -> Iterator[Database]:
    database = Database(empty_database_url)
    load_rows(database, left)
    yield database
    database.close()


def sorted_rows(rows: Mapping[str, Any]) -> dict[str, list[Any]]:
    return {name: sorted(of_table, key=repr) for name, of_table in rows.items() if of_table}


def test_every_schema_so_far_has_a_fixture() -> None:
    assert {read_fixture(name).schema for name in NAMES} == {"0001", "0002"}


def test_the_names_of_the_files_tell_every_schema_in_order() -> None:
    newest_first = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    assert list(schemas()) == [found.revision for found in newest_first][::-1]


def test_no_row_is_lost_or_altered(filled: Database, left: Fixture) -> None:
    migrate_database(filled)
    assert is_current(filled)
    rows = {name: [_without(name, row) for row in of_table] for name, of_table in left.rows.items() if of_table}
    columns = {name: list(of_table[0]) for name, of_table in rows.items()}
    with filled.engine.connect() as connection:
        assert sorted_rows(stored_rows(connection, columns)) == sorted_rows(rows)


def _without(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if (table, column) not in REPLACED}


def test_a_pause_until_a_moment_becomes_one_until_that_day_where_the_learner_lives(
    filled: Database, left: Fixture
) -> None:
    migrate_database(filled)
    with filled.engine.connect() as connection:
        [pause] = connection.scalars(text("SELECT resumes_on FROM enrolment WHERE resumes_on IS NOT NULL")).all()
    [before] = [row["paused_until"] for row in left.rows["enrolment"] if row["paused_until"]]
    # Eight in the morning in Berlin, as it is in the fixtures.
    assert str(pause) == before[:10]


def test_the_schema_becomes_what_the_models_say(filled: Database) -> None:
    migrate_database(filled)
    with filled.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_rows_must_still_belong_to_something_that_is_there(filled: Database) -> None:
    migrate_database(filled)
    stray = text("INSERT INTO tick VALUES (999, 'a', 'b', '2026-03-27')")
    with pytest.raises(Exception, match=r"(?i)foreign key"), filled.engine.begin() as connection:
        connection.execute(stray)


def test_a_row_that_refers_to_none_stops_the_migration_and_nothing_is_changed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("stray") / "a.sqlite3"
    database = Database(f"sqlite:///{file}")
    load_rows(database, read_fixture("schema_0001"))
    with database.engine.connect() as connection:
        connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        connection.execute(text("UPDATE completion SET enrolment_id = 999"))
        connection.commit()
        connection.connection.cursor().execute("PRAGMA foreign_keys=ON")
    with pytest.raises(RuntimeError, match="completion"):
        migrate_database(database)
    assert not is_current(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        tables = MetaData()
        tables.reflect(connection)
        assert "badge_key" not in tables.tables
        assert connection.execute(select(tables.tables["delivery"])).first() is not None
    database.close()
