"""Databases of each kind, and a whole Dayletter on them, for the tests that ask for one."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.db import Database
from course.migrations.schema import migrate_database
from tests.support.author.studio import USERS
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer
from tests.support.world.databases import KINDS
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """No tables yet; a test that asks for it runs once on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'dayletter.sqlite3'}"
    else:
        # Asked for by name, so that tests on SQLite alone start no PostgreSQL.
        postgres: Postgres = request.getfixturevalue("postgres")
        with postgres.fresh_database() as url:
            yield url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "empty.sqlite3"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[str]:
    with postgres.fresh_database() as url:
        _migrate(url)
        yield url


def _migrate(url: str) -> None:
    with contextlib.closing(Database(url)) as database:
        migrate_database(database)


@pytest.fixture(params=KINDS)
def migrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """All tables, and nothing in them; once on each kind. A copy of what each test process makes once."""
    if request.param == "sqlite":
        return _copy_of(request.getfixturevalue("migrated_sqlite"), tmp_path)
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.copy_of(request.getfixturevalue("migrated_postgres"))


def _copy_of(database: Path, folder: Path) -> str:
    return f"sqlite:///{shutil.copyfile(database, folder / 'dayletter.sqlite3')}"


@pytest.fixture(scope="session")
def published_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("published") / "sample.sqlite3"
    _publish_sample(file.parent, f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def published_postgres(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres.fresh_database() as url:
        _publish_sample(tmp_path_factory.mktemp("published"), url)
        yield url


def _publish_sample(folder: Path, database_url: str) -> None:
    write_sample(folder / "lessons")
    World(folder / "var", database_url, "redis://not.asked", folder / "lessons").close()


@pytest.fixture
def sqlite_url(tmp_path: Path, published_sqlite: Path) -> str:
    """The sample course published, nobody enrolled: a copy, too."""
    return _copy_of(published_sqlite, tmp_path)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """As `sqlite_url`, once on each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.copy_of(request.getfixturevalue("published_postgres"))


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[World]:
    """The sample course published, nobody enrolled; once on each kind of database."""
    write_sample(tmp_path / "lessons")
    with contextlib.closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", ALREADY_PUBLISHED)
    ) as built:
        yield built


@pytest.fixture
def studio(tmp_path: Path, sqlite_url: str, redis_server: RedisServer) -> Iterator[World]:
    """The sample course, with an operator, an author and a viewer; on SQLite."""
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", sqlite_url, redis_server.url, tmp_path / "lessons"
    with contextlib.closing(World(*place, ALREADY_PUBLISHED, STUDIO_USERS=USERS)) as built:
        yield built
