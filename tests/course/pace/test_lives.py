"""The rules of docs/pace.md over random lives: what is told everywhere is one plan, the model's, and it comes so.

`make properties` lives more of them."""

import contextlib
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.course.pace.lives import Life, lives
from tests.course.pace.living import Living
from tests.course.pace.story import Story
from tests.support.servers.postgres import Postgres
from tests.support.servers.redis_server import RedisServer

MANY = int(os.environ.get("PROPERTIES", "0"))
ON_SQLITE, ON_POSTGRESQL = (MANY // 2, MANY * 3 // 100) if MANY else (60, 3)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer) -> Iterator[Living]:
    folder = tmp_path_factory.mktemp("lives")
    with contextlib.closing(Living(folder, f"sqlite:///{folder / 'rows.sqlite3'}", redis_process.url)) as living:
        yield living


@pytest.fixture(scope="module")
def on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, redis_process: RedisServer, postgres: Postgres
) -> Iterator[Living]:
    folder = tmp_path_factory.mktemp("lives")
    with postgres.fresh_database() as url, contextlib.closing(Living(folder, url, redis_process.url)) as living:
        yield living


# To shorten a life that failed would take minutes; it is told step by step.
LIVED = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@settings(LIVED, max_examples=ON_SQLITE)
@given(lives())
def test_every_life_goes_by_the_rules(on_sqlite: Living, life: Life) -> None:
    live(on_sqlite, life)


@settings(LIVED, max_examples=ON_POSTGRESQL)
@given(lives())
def test_on_the_other_database_too(on_postgresql: Living, life: Life) -> None:
    live(on_postgresql, life)


def live(living: Living, life: Life) -> None:
    story = Story(living, life)
    for step in life.steps:
        story.play(step)
    story.end()
