"""Mails that belong to no enrolment, when their worker is asked to stop."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mailer import jobs
from mailer.compose.message_json import mail_to_json
from mailer.sending.ending import Ended
from mailer.sending.one_off import send_one
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_session import Late
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.letters import TEMPLATE, letter


@pytest.fixture
def world(tmp_path: Path, redis_server: RedisServer, smtp_sink: SmtpSink) -> Iterator[ScriptedWorld]:
    database = f"sqlite:///{tmp_path}/mail.db"
    with closing(ScriptedWorld(tmp_path, database, redis_server.url, mail_url=smtp_sink.url)) as built:
        yield built


def test_a_server_that_does_not_greet_keeps_nobody_from_stopping(
    world: ScriptedWorld, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan("greeting", "hang")
    with pytest.raises(Ended):
        send_one(world.runtime, TEMPLATE, letter(1), lambda: smtp_sink.connections > 0)
    assert smtp_sink.mails == []


def test_a_mail_that_has_begun_is_waited_for_and_not_sent_again(world: ScriptedWorld, smtp_sink: SmtpSink) -> None:
    smtp_sink.plan("reply", Late(1))
    jobs.use(world.runtime, lambda: bool(smtp_sink.mails))
    assert jobs.try_out(mail_to_json(TEMPLATE, letter(1)))
    assert (len(smtp_sink.mails), world.runtime.queue.waiting()) == (1, set())


def test_a_mail_that_somebody_asked_for_is_left_to_the_next_worker(world: ScriptedWorld) -> None:
    jobs.use(world.runtime, lambda: True)
    assert not jobs.try_out(mail_to_json(TEMPLATE, letter(1)))
    assert world.runtime.queue.waiting() == {"try_out"}
