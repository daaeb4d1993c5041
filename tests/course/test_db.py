"""The database, on both kinds: schema, moments, and writers that do not lose each other's updates."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from course.db import Database
from course.migrations.schema import is_current, migrate_database
from course.models import Base, CourseRow, Document, Hold, Learner
from tests.support.servers.postgres import Postgres
from tests.support.waiting import PATIENCE

NOON = datetime(2026, 3, 27, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    found = Database(empty_database_url)
    migrate_database(found)
    yield found
    found.close()


def add_course(database: Database) -> None:
    with database.write() as session:
        session.add(CourseRow(slug="a", version=0, edition_id=0, published_at=NOON))


def test_the_migrations_make_exactly_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_and_index_has_a_name(database: Database) -> None:
    inspector = inspect(database.engine)
    for table, described in Base.metadata.tables.items():
        # SQLite takes AUTOINCREMENT only beside the column, where SQLAlchemy gives the key no name.
        unnamed = database.engine.dialect.name == "sqlite" and described.dialect_kwargs.get("sqlite_autoincrement")
        assert inspector.get_pk_constraint(table)["name"] == (None if unnamed else f"pk_{table}")
        assert all(found["name"] for found in inspector.get_unique_constraints(table))
        assert all(found["name"] for found in inspector.get_foreign_keys(table))


def test_migrating_twice_is_migrating_once(database: Database) -> None:
    assert is_current(database)
    add_course(database)
    migrate_database(database)
    with database.read() as session:
        assert session.scalars(select(CourseRow.slug)).all() == ["a"]


def test_an_empty_database_is_not_current(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert not is_current(database)
    database.close()


def test_a_failed_migration_leaves_nothing_half_done(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE event (id INTEGER)"))
    with pytest.raises(Exception, match="event"):
        migrate_database(database)
    assert inspect(database.engine).get_table_names() == ["event"]
    database.close()


@pytest.mark.server
def test_machines_that_start_together_migrate_once(empty_database_url: str) -> None:
    # Processes, since Alembic keeps what it works on in its module.
    assert exit_codes(migrate_at, empty_database_url) == [0, 0, 0]
    database = Database(empty_database_url)
    assert is_current(database)
    database.close()


def migrate_at(url: str) -> None:
    database = Database(url)
    migrate_database(database)
    database.close()


def exit_codes(task: Callable[..., None], *arguments: object) -> list[int | None]:
    """Runs it in three processes at once; one that hangs is ended."""
    processes = [get_context("spawn").Process(target=task, args=arguments) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
        process.kill()
        process.join()
    return [process.exitcode for process in processes]


@pytest.mark.parametrize(
    "moment",
    [
        NOON,
        NOON.astimezone(timezone(timedelta(hours=5, minutes=45))),
        datetime(1969, 12, 31, 23, 59, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
    ],
)
def test_a_moment_comes_back_aware_and_in_utc(database: Database, moment: datetime) -> None:
    with database.write() as session:
        session.add(Hold(id=1, why="test", held_at=moment))
    with database.read() as session:
        back = session.scalars(select(Hold.held_at)).one()
        assert back == moment
        assert back.tzinfo is UTC
        assert session.scalars(select(Hold.id).where(Hold.held_at <= moment)).all() == [1]
        assert session.scalars(select(Hold.id).where(Hold.held_at < moment)).all() == []


def test_a_server_in_another_zone_tells_the_same_moments(postgres: Postgres, migrated_postgres: str) -> None:
    url = postgres.copy_of(migrated_postgres)
    name = make_url(url).database
    with closing(Database(url)) as database:
        with database.write() as session:
            session.execute(text(f"ALTER DATABASE {name} SET TimeZone = 'Asia/Kathmandu'"))
            session.add(Hold(id=1, why="test", held_at=NOON))
        database.engine.dispose()
        with database.read() as session:
            assert session.scalar(text("SHOW TimeZone")) == "Asia/Kathmandu"
            back = session.scalars(select(Hold.held_at)).one()
            assert (back, back.tzinfo) == (NOON, UTC)
            assert session.scalars(select(Hold.id).where(Hold.held_at == NOON)).all() == [1]
        with database.write() as session:
            session.execute(text(f"ALTER DATABASE {name} RESET TimeZone"))


def test_numbers_in_the_address_are_no_trouble(postgres: Postgres, migrated_postgres: str) -> None:
    options = "prepare_threshold=0&connect_timeout=5&keepalives=1&application_name=dayletter"
    with closing(Database(f"{postgres.copy_of(migrated_postgres)}&{options}")) as database:
        for _ in range(2):
            with database.write() as session:
                assert session.scalars(select(Learner.id)).all() == []
        with database.read() as session:
            assert session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no zone"), database.write() as session:
        session.add(Hold(id=1, why="test", held_at=NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="has no zone"), database.read() as session:
        session.scalars(select(Hold).where(Hold.held_at > NOON.replace(tzinfo=None))).all()


def test_a_block_that_ends_well_is_kept_and_another_is_not(database: Database) -> None:
    add_course(database)
    with pytest.raises(RuntimeError, match="half-way"), database.write() as session:
        session.add(Hold(id=1, why="test", held_at=NOON))
        session.flush()
        raise RuntimeError("half-way")
    with database.read() as session:
        assert session.scalars(select(Hold)).all() == []
        assert len(session.scalars(select(CourseRow)).all()) == 1


def test_reading_keeps_nothing(database: Database) -> None:
    with database.read() as session:
        session.add(Hold(id=1, why="test", held_at=NOON))
        session.flush()
    with database.read() as session:
        assert session.scalars(select(Hold)).all() == []


def test_a_reader_sees_one_moment_whatever_is_committed_meanwhile(database: Database) -> None:
    add_course(database)
    with database.read() as session:
        before = session.execute(select(CourseRow.slug)).all()
        with database.write() as another:
            another.add(CourseRow(slug="b", version=0, edition_id=0, published_at=NOON))
        assert session.execute(select(CourseRow.slug)).all() == before
    with database.read() as session:
        assert session.scalars(select(CourseRow.slug)).all() == ["a", "b"]


def test_rows_must_belong_to_something_that_is_there(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Document(course_id=99, kind="lesson", slug="a", revision_id=0, withdrawn=False))


def test_an_address_is_in_the_book_once(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as session:
        session.add_all([Learner(email="a@b.org", name="", created_at=NOON) for _ in range(2)])


def count_up(url: str, times: int) -> None:
    database = Database(url)
    for _ in range(times):
        with database.write() as session:
            row = session.scalars(select(CourseRow).with_for_update()).one()
            row.version += 1
    database.close()


def test_threads_that_read_and_then_write_lose_no_update(database: Database) -> None:
    add_course(database)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count_up, [database.url] * 6, [15] * 6))
    with database.read() as session:
        assert session.scalars(select(CourseRow.version)).one() == 90


@pytest.mark.server
def test_processes_that_read_and_then_write_lose_no_update(database: Database) -> None:
    add_course(database)
    assert exit_codes(count_up, database.url, 15) == [0, 0, 0]
    with database.read() as session:
        assert session.scalars(select(CourseRow.version)).one() == 45


def test_readers_of_sqlite_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new' / 'folder' / 'a.sqlite'}")
    migrate_database(database)
    add_course(database)
    with database.write() as writing:
        writing.scalars(select(CourseRow)).one().version = 7
        writing.flush()
        with database.read() as reading:
            assert reading.scalars(select(CourseRow.version)).one() == 0
    with database.read() as reading:
        assert reading.scalars(select(CourseRow.version)).one() == 7
    database.close()


def test_sqlite_keeps_what_was_committed_through_a_power_cut(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with database.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()
