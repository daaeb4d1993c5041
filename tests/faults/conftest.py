"""What the fault tests share: a nursery, and a fleet on each kind of database."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.fleet import Fleet
from tests.support.nursery import Nursery
from tests.support.redis_server import RedisServer
from tests.support.wall_clock import WallClock

MakeFleet = Callable[..., Fleet]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as running:
        yield running


@pytest.fixture
def fleet(nursery: Nursery, tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[MakeFleet]:
    """Makes fleets which end with the test: `fleet(*crew, wall=None, **settings)`."""
    with ExitStack() as stack:

        def make(*crew: str, wall: WallClock | None = None, **settings: str) -> Fleet:
            own = {"DATABASE_URL": database_url, "REDIS_URL": redis_server.url, **settings}
            return stack.enter_context(Fleet(nursery, tmp_path, own, crew, wall))

        yield make
