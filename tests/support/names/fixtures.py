"""A name server, for the tests that ask for one."""

from collections.abc import Iterator

import pytest

from tests.support.names.dns_server import DnsServer


@pytest.fixture
def dns_server(servers: None) -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server
