"""What the hostile tests share: a house with people in it."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.hostile.people import House, move_in
from tests.support.author.studio import USERS
from tests.support.servers.redis_server import RedisServer
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World


@pytest.fixture
def house(studio: World) -> House:
    """On SQLite, with an operator, an author and a viewer."""
    return move_in(studio)


@pytest.fixture
def house_on_each(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[House]:
    """The same, once on each kind of database."""
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons"
    with closing(World(*place, ALREADY_PUBLISHED, STUDIO_USERS=USERS)) as world:
        yield move_in(world)
