"""A report that came back by mail does to a learner's lessons what the same words over SMTP would have done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Delivery
from mailer.bounces.hear import hear, own_mailbox
from tests.mailer.bounces.test_reports import BY_NAME
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.command_line import Run, command_line
from tests.support.world.world import World

pytestmark = pytest.mark.server

MAIL_BOUNCES = "mailto:bounces@example.org"


@pytest.fixture
def smtp_world(
    migrated_database_url: str, redis_server: RedisServer, sample_lessons: Path, tmp_path: Path, smtp_sink: SmtpSink
) -> Iterator[World]:
    world = World(
        tmp_path / "var",
        migrated_database_url,
        redis_server.url,
        sample_lessons,
        MAIL_URL=smtp_sink.url,
        MAIL_BOUNCES=MAIL_BOUNCES,
    )
    world.publish()
    yield world
    world.close()


@contextmanager
def lesson_sent(world: World) -> Iterator[Delivery]:
    world.admit("ada@example.net")
    world.step()
    with world.runtime.db.read() as session:
        yield session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()


def report(name: str, delivery: Delivery) -> bytes:
    mail = BY_NAME[name].mail.replace("{id}", delivery.attempt_id or "").replace("{mail}", delivery.id)
    return mail.encode()


def heard(world: World, raw: bytes) -> str:
    runtime = world.runtime
    return hear(runtime.db, own_mailbox(runtime.settings), raw, world.clock.times())
