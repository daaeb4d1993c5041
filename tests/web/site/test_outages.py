"""With Redis, or the mail provider, away: people are served, and their mail goes out later, once."""

from pathlib import Path
from time import monotonic

from mailer.queue import MailQueue
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.mails import of_sink, read_mail
from tests.support.world.sample_course import write_sample
from tests.support.world.world import House


def test_with_redis_away_registering_is_quick_and_the_mail_goes_out_when_it_is_back(
    house: House, redis_server: RedisServer
) -> None:
    redis_server.stop()
    began = monotonic()
    page = house.person.submit(house.person.look("/"), email="ada@example.org")
    assert monotonic() - began < 5
    assert "Check your inbox" in page.text
    assert not house.mails()
    redis_server.start()
    house.step()
    assert [mail.kind for mail in house.mails()] == ["confirm"]
    waiting = house.runtime.queue.waiting()
    assert waiting == {row["batch"] for row in house.rows()["delivery"]}


def test_a_redis_that_nobody_answers_for_costs_a_person_seconds_at_most(house: House) -> None:
    queue = MailQueue("redis://127.0.0.1:1/0")
    began = monotonic()
    assert not queue.hurry(["0" * 32])
    assert monotonic() - began < 5
    queue.close()


def test_with_the_outbox_unwritable_nothing_is_lost_and_nothing_doubled(house: House) -> None:
    folder = house.runtime.settings.outbox
    assert folder is not None
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way")
    assert house.register().status == 200
    assert [row["state"] for row in house.rows()["delivery"]] == ["queued"]
    folder.unlink()
    house.forward(hours=1)
    house.forward(hours=1)
    assert len(house.mails("confirm")) == 1


def test_with_the_mail_server_away_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> None:
    write_sample(tmp_path / "lessons")
    house = House(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", MAIL_URL=smtp_sink.url)
    smtp_sink.plan("greeting", "drop", times=3)
    assert house.register().status == 200
    for _ in range(6):
        house.forward(hours=1)
    house.close()
    assert [read_mail(raw).kind for raw in of_sink(smtp_sink)()] == ["confirm"]
