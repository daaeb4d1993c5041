"""What the hostile tests share: a house with people in it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.hostile.ground.people import House, move_in
from tests.support.author.studio import USERS
from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World


@dataclass(frozen=True, slots=True)
class Furnished:
    """A house as it is left behind, to be copied: its folder, its last moment, and what opens it."""

    folder: Path
    at: datetime
    house: House


def _world(folder: Path, database_url: str, redis: RedisServer) -> World:
    place = folder / "var", database_url, redis.url, folder / "lessons"
    return World(*place, ALREADY_PUBLISHED, STUDIO_USERS=USERS)


@pytest.fixture(scope="session")
def furnished(
    tmp_path_factory: pytest.TempPathFactory, published_sqlite: Path, redis_process: RedisServer
) -> Furnished:
    folder = tmp_path_factory.mktemp("furnished")
    write_sample(folder / "lessons")
    shutil.copyfile(published_sqlite, folder / "dayletter.sqlite3")
    redis_process.start()
    redis_process.empty()
    with closing(_world(folder, f"sqlite:///{folder / 'dayletter.sqlite3'}", redis_process)) as world:
        house = move_in(world)
        return Furnished(folder, world.clock.now(), house)


@pytest.fixture
def house(tmp_path: Path, furnished: Furnished, redis_server: RedisServer) -> Iterator[House]:
    """On SQLite, with an operator, an author and a viewer."""
    folder = shutil.copytree(furnished.folder, tmp_path / "house")
    with closing(_world(folder, f"sqlite:///{folder / 'dayletter.sqlite3'}", redis_server)) as world:
        world.clock.moments.append(furnished.at)
        yield House(world, furnished.house.keys, furnished.house.values, furnished.house.links)


@pytest.fixture
def house_on_each(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[House]:
    """The same, once on each kind of database."""
    write_sample(tmp_path / "lessons")
    with closing(_world(tmp_path, database_url, redis_server)) as world:
        yield move_in(world)
