"""The whole line on real parts: processes, Redis, a database, a mail server. Course time runs fast."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from mailer.providers.sendgrid.request import ATTEMPT
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import slowness
from tests.support.world.journey import (
    assert_five_lessons_once_each,
    assert_one_a_day_at,
    clock_setting,
    take_the_course,
)
from tests.support.world.mails import Source, of_outbox, of_sink
from tests.support.world.site import Site

DAY_SECONDS = 4.0
"""Where it is quiet: a slow or busy machine is given longer days."""
TOLERANCE = timedelta(days=2 / DAY_SECONDS)
"""The contract's two real seconds, in course time."""


@contextmanager
def running(
    tmp_path: Path, empty_database_url: str, redis: RedisServer, mails: Source, **settings: str
) -> Iterator[Site]:
    environment = {
        "DATABASE_URL": empty_database_url,
        "REDIS_URL": redis.url,
        "CLOCK": clock_setting(DAY_SECONDS * slowness()),
        **settings,
    }
    with Site(tmp_path / "var", environment, mails) as site:
        yield site


def test_a_learner_takes_the_course_over_smtp(
    tmp_path: Path, empty_database_url: str, redis_server: RedisServer, smtp_sink: SmtpSink
) -> None:
    with running(tmp_path, empty_database_url, redis_server, of_sink(smtp_sink), MAIL_URL=smtp_sink.url) as site:
        mails = take_the_course(site, "ada@example.org")
        stats = json.loads(site.command("stats", "career-mobility", "--json"))
    assert_five_lessons_once_each(mails)
    assert_one_a_day_at(mails, "Europe/Berlin", 8, TOLERANCE)
    assert [mail.kind for mail in mails if mail.kind != "lesson"] == ["confirm", "welcome", "finished"]
    assert stats["learners"] == {"finished": 1}
    for lesson in stats["lessons"]:
        assert (lesson["due"], lesson["sent"], lesson["completed"]) == (1, 1, 1)
        assert sum(lesson["opened"].values()) == 1
        assert sum(lesson["clicked"].values()) == 1


def test_a_learner_takes_the_course_through_sendgrid(
    tmp_path: Path, empty_database_url: str, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> None:
    settings = {
        "MAIL_URL": "sendgrid:",
        "SENDGRID_API_KEY": sendgrid_sink.key,
        "SENDGRID_API_URL": sendgrid_sink.url,
        "SENDGRID_WEBHOOK_KEY": sendgrid_sink.public_key,
    }
    with running(tmp_path, empty_database_url, redis_server, of_sink(sendgrid_sink), **settings) as site:
        mails = take_the_course(site, "ada@example.org")
    assert_five_lessons_once_each(mails)
    assert_one_a_day_at(mails, "Europe/Berlin", 8, TOLERANCE)
    for mail in sendgrid_sink.mails:
        assert list(mail.custom_args) == [ATTEMPT]


@pytest.mark.parametrize("victim", ["worker", "clock"])
def test_kills_and_an_emptied_redis_lose_and_double_nothing(
    tmp_path: Path, empty_database_url: str, redis_server: RedisServer, victim: str
) -> None:
    outbox = tmp_path / "var" / "outbox"
    with running(tmp_path, empty_database_url, redis_server, of_outbox(outbox), MAIL_URL="outbox:") as site:
        person = site.person
        person.submit(person.look("/"), email="eve@example.org", zone="Europe/Berlin", hour="8")
        person.submit(person.look(site.mail("confirm").link("/confirm/")))
        for day in range(1, 6):
            site.kill(victim)
            redis_server.empty()
            site.start(victim)
            site.mail("lesson", day)
        mails = site.mails()
    assert_five_lessons_once_each(mails)
