"""A mailbox that is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailer.bounces.imap_server import ImapServer


@pytest.fixture
def imap_server(servers: None, tmp_path: Path) -> Iterator[ImapServer]:
    with ImapServer(tmp_path) as server:
        yield server
