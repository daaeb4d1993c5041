"""A world that sends over SMTP, to which mail comes back."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.mailer.bounces.imap_server import ImapServer
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.sample_course import write_sample
from tests.support.world.world import ALREADY_PUBLISHED, World

Open = Callable[[str], World]


@pytest.fixture
def imap_server(servers: None, tmp_path: Path) -> Iterator[ImapServer]:
    with ImapServer(tmp_path) as server:
        yield server


@pytest.fixture
def open_world(
    tmp_path: Path, database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> Iterator[Open]:
    """With MAIL_BOUNCES as it is given."""
    write_sample(tmp_path / "lessons")
    place = tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons"
    with ExitStack() as opened:

        def build(mailbox: str) -> World:
            world = World(*place, ALREADY_PUBLISHED, MAIL_URL=smtp_sink.url, MAIL_BOUNCES=mailbox)
            return opened.enter_context(closing(world))

        yield build
