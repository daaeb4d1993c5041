"""Real servers for the tests that ask for one; each test process starts its own, once."""

from collections.abc import Iterator

import pytest

from tests.support.servers.nursery import Nursery
from tests.support.servers.postgres import Postgres, postgres_server
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink


@pytest.fixture(scope="session")
def redis_process(servers: None) -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def redis_server(redis_process: RedisServer) -> RedisServer:
    """Empty, and running again even if the test before left it stopped."""
    redis_process.start()
    redis_process.empty()
    return redis_process


@pytest.fixture(scope="session")
def postgres(servers: None) -> Iterator[Postgres]:
    with postgres_server() as server:
        yield server


@pytest.fixture
def smtp_sink(servers: None) -> Iterator[SmtpSink]:
    with SmtpSink() as sink:
        yield sink


@pytest.fixture
def sendgrid_sink(servers: None) -> Iterator[SendgridSink]:
    with SendgridSink() as sink:
        yield sink


@pytest.fixture(scope="session")
def nursery(servers: None) -> Iterator[Nursery]:
    with Nursery() as running:
        yield running
