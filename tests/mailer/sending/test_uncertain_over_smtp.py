"""Replies that never came from a mail server, which tells no events: its silence says nothing, whatever is set."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from course.models import Delivery
from course.reports.ledger import condition
from mailer.sending.probe import is_wanted, send_probe
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_events import EventSigner
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import read_mail
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World

WAIT = 1800


@pytest.fixture(params=["no key", "a key left over"])
def sending(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database_url: str,
    redis_server: RedisServer,
    smtp_sink: SmtpSink,
) -> Iterator[World]:
    """A world that sends over SMTP; in its settings there may still be the key of SendGrid's webhook."""
    write_sample(tmp_path / "lessons")
    settings = {"MAIL_URL": smtp_sink.url}
    if request.param == "a key left over":
        settings["SENDGRID_WEBHOOK_KEY"] = EventSigner().public_key
    with closing(
        World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", **settings)
    ) as world:
        yield world


def register_in_doubt(world: World, sink: SmtpSink) -> None:
    """Somebody registers; the confirmation is taken, and the reply to it is lost."""
    sink.plan("reply", "drop")
    world.register("eve@example.org")
    assert only_delivery(world).state == "uncertain"
    assert len(sink.mails) == 1


def only_delivery(world: World) -> Delivery:
    with world.runtime.db.read() as session:
        return session.scalars(select(Delivery)).one()


def test_a_doubtful_mail_goes_again_after_the_wait_and_counts_as_a_possible_duplicate(
    sending: World, smtp_sink: SmtpSink
) -> None:
    register_in_doubt(sending, smtp_sink)
    sending.forward(seconds=WAIT - 1)
    assert len(smtp_sink.mails) == 1, "the wait is not over"
    # Swept in one step, sent in that or the next.
    sending.forward(seconds=1)
    sending.forward(seconds=1)
    assert only_delivery(sending).state == "accepted"
    first, again = (mail.raw for mail in smtp_sink.mails)
    assert first == again
    with sending.runtime.db.read() as session:
        assert condition(session, sending.clock.now()).duplicates == 1


def test_a_relay_that_loses_every_reply_sends_one_copy_and_then_people_are_told(
    sending: World, smtp_sink: SmtpSink
) -> None:
    smtp_sink.plan("reply", "drop", 10_000)
    sending.register("eve@example.org")
    for _ in range(24):
        sending.forward(hours=1)
    assert len(smtp_sink.mails) == 2
    delivery = only_delivery(sending)
    assert (delivery.state, delivery.duplicates) == ("failed", 1)
    assert delivery.why == "sent 2 times, and no reply came"


def test_a_lesson_in_doubt_twice_stops_the_course_visibly_until_it_is_opened(
    sending: World, smtp_sink: SmtpSink
) -> None:
    sending.register("eve@example.org")
    confirm = read_mail(smtp_sink.mails[-1].raw).link("/confirm/")
    smtp_sink.plan("reply", "drop", 10_000)
    sending.person.submit(sending.person.look(confirm))
    # The second copy is late on the first day.
    for _ in range(30):
        sending.forward(hours=1)
    assert sum(read_mail(mail.raw).kind == "lesson" for mail in smtp_sink.mails) == 2
    learn = sending.learn_url("eve@example.org")
    assert "The mail with day 1 failed" in sending.person.look(learn).text
    alarms = sending.app.test_client().get("/readyz").get_json()["alarms"]
    assert any("could not be delivered" in alarm for alarm in alarms)
    smtp_sink.behaviour.faults.clear()
    sending.person.look(f"{learn}/{sending.course.lessons[0].slug}")
    for _ in range(24):
        sending.forward(hours=2)
    days = [day for mail in smtp_sink.mails if (day := read_mail(mail.raw).day)]
    assert days[:3] == [1, 1, 2]
    assert "The mail with day 1 failed" not in sending.person.look(learn).text


def test_no_probe_is_sent_where_no_event_could_answer_it(sending: World, smtp_sink: SmtpSink) -> None:
    register_in_doubt(sending, smtp_sink)
    sending.clock.forward(seconds=WAIT)
    with sending.runtime.db.read() as session:
        assert not is_wanted(sending.runtime, session)
    assert not send_probe(sending.runtime)
    assert len(smtp_sink.mails) == 1
