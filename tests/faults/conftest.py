"""What the fault tests share: a nursery, and a fleet on each kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.faults.scripted import ScriptedWorld
from tests.support.author.mail_samples import LESSON_MD
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.fleet import Fleet
from tests.support.world.sample_course import write_sample
from tests.support.world.wall_clock import WallClock

MakeFleet = Callable[..., Fleet]
LESSONS_OF_ZONES = 6


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture
def fleet(nursery: Nursery, tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[MakeFleet]:
    """Makes fleets which end with the test: `fleet(*crew, wall=None, without=None, **settings)`."""
    with ExitStack() as stack:

        def make(
            *crew: str, wall: WallClock | None = None, without: Mutation | None = None, **settings: str
        ) -> Fleet:
            own = {"DATABASE_URL": database_url, "REDIS_URL": redis_server.url, **settings}
            return stack.enter_context(Fleet(nursery, tmp_path, own, crew, wall, without))

        yield make


@pytest.fixture
def smtp_world(
    tmp_path: Path, database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> Iterator[ScriptedWorld]:
    url = f"{smtp_sink.url}&connections=2"
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url, mail_url=url)) as world:
        yield world


@pytest.fixture
def events_world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url, events=True)) as world:
        yield world


@pytest.fixture
def zone_world(tmp_path: Path, empty_database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    folder = write_sample(tmp_path / "lessons")
    for day in range(1, LESSONS_OF_ZONES + 1):
        (folder / f"{day}-dough-{day}.md").write_text(LESSON_MD)
    with closing(ScriptedWorld(tmp_path, empty_database_url, redis_server.url)) as world:
        yield world
