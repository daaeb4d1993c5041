"""With Redis, or the mail provider, away: people are served, and their mail goes out later, once."""

from pathlib import Path
from time import monotonic

from mailer.queue import MailQueue
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import slowness
from tests.support.world.mails import of_sink, read_mail
from tests.support.world.sample_course import write_sample
from tests.support.world.world import World


def test_with_redis_away_registering_is_quick_and_the_mail_goes_out_when_it_is_back(
    world: World, redis_server: RedisServer
) -> None:
    redis_server.stop()
    limit, began = 5 * slowness(), monotonic()
    page = world.person.submit(world.person.look("/"), email="ada@example.org")
    assert monotonic() - began < limit
    assert "Check your inbox" in page.text
    assert not world.mails()
    redis_server.start()
    world.step()
    assert [mail.kind for mail in world.mails()] == ["confirm"]
    waiting = world.runtime.queue.waiting()
    assert waiting == {row["batch"] for row in world.rows()["delivery"]}


def test_a_redis_that_nobody_answers_for_costs_a_person_seconds_at_most(world: World) -> None:
    queue = MailQueue("redis://127.0.0.1:1/0")
    limit, began = 5 * slowness(), monotonic()
    assert not queue.hurry(["0" * 32])
    assert monotonic() - began < limit
    queue.close()


def test_with_the_outbox_unwritable_nothing_is_lost_and_nothing_doubled(world: World) -> None:
    folder = world.runtime.settings.outbox
    assert folder is not None
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("in the way")
    assert world.register().status == 200
    assert [row["state"] for row in world.rows()["delivery"]] == ["queued"]
    folder.unlink()
    world.forward(hours=1)
    world.forward(hours=1)
    assert len(world.mails("confirm")) == 1


def test_with_the_mail_server_away_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> None:
    write_sample(tmp_path / "lessons")
    world = World(tmp_path / "var", database_url, redis_server.url, tmp_path / "lessons", MAIL_URL=smtp_sink.url)
    smtp_sink.plan("greeting", "drop", times=3)
    assert world.register().status == 200
    for _ in range(6):
        world.forward(hours=1)
    world.close()
    assert [read_mail(raw).kind for raw in of_sink(smtp_sink)()] == ["confirm"]
