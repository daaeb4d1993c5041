"""Redis and PostgreSQL as they really answer."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from redis import Redis

from mailer.checkup.database import of_database
from mailer.checkup.redis_server import of_queue
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World


@pytest.fixture
def forgetful(redis_server: RedisServer) -> Iterator[str]:
    with Redis.from_url(redis_server.url) as redis:
        redis.config_set("maxmemory-policy", "allkeys-lru")
        yield redis_server.url
        redis.config_set("maxmemory-policy", "noeviction")


def test_a_redis_that_throws_things_out_is_told(forgetful: str) -> None:
    [found] = of_queue(forgetful)
    assert (found.state, "allkeys-lru" in found.said, "noeviction" in found.todo) == ("warning", True, True)


def test_one_that_keeps_all_is_good(redis_server: RedisServer) -> None:
    [found] = of_queue(redis_server.url)
    assert found.state == "good"


def test_a_database_tells_how_safe_it_is(world: World) -> None:
    found = [one for one in of_database(world.runtime.settings) if one.about == "database"]
    if "postgresql" in world.runtime.settings.database_url:
        # The server of the tests is built to be quick.
        assert {"bad"} < {one.state for one in found}
        assert any("`fsync` is off" in one.said for one in found)
    else:
        assert {one.state for one in found} <= {"good", "warning"}


def test_a_database_that_is_not_there_is_bad_and_none_is_made(world: World) -> None:
    url = f"sqlite:///{world.runtime.settings.var_dir}/none.sqlite"
    [found] = of_database(replace(world.runtime.settings, database_url=url))
    assert (found.state, "dayletter migrate" in found.todo) == ("bad", True)
    assert not (world.runtime.settings.var_dir / "none.sqlite").exists()
