"""Workers that are asked to stop, by SIGTERM and by Ctrl-C, in the middle of batches: nothing is in doubt."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from course.db import Database
from course.models import Delivery
from mailer.settings import load
from tests.faults.conftest import MakeFleet
from tests.faults.oracle import Seen, complaints, seen_by_sendgrid, seen_by_smtp, tally
from tests.faults.scale import dice, note, sized
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.ports import free_port
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.up import DAYLETTER, running, settings
from tests.support.waiting import wait_for
from tests.support.world.fleet import Fleet
from tests.support.world.settings import SETTINGS

STOPS = sized(10, 100)
STOPS_OF_REQUESTS = sized(2, 30)
LEARNERS = 100
"""In a batch. They are more than a worker can serve before the latest of the stops."""
OF_REQUEST = 20
LATEST = 0.4
AGAIN_AFTER = 1.1
"""Seconds after which the impatient ask again. RQ, if it heard them, would end in the midst of a letter."""
REQUESTS = (signal.SIGTERM, signal.SIGINT)


def test_no_stop_leaves_a_letter_in_doubt(fleet: MakeFleet, smtp_sink: SmtpSink) -> None:
    random = dice("stops over SMTP")
    smtp_sink.behaviour.reply_delay = 0.1
    site = fleet("clock", MAIL_URL=f"{smtp_sink.url}&connections=4", UNCERTAIN_AFTER="1")
    learners: list[str] = []
    early = 0
    for number in range(STOPS):
        smtp_sink.behaviour.pipelining = random.random() < 0.5
        early += _stop_in_mid_batch(site, random, learners, f"{number}-", LEARNERS, lambda: len(smtp_sink.mails))
        assert site.states().get("accepted", 0) == len(smtp_sink.mails), "each mail that was taken is known to be"
    _finish(site, learners, lambda: seen_by_smtp(smtp_sink), early, STOPS, "SMTP")


def test_no_stop_leaves_a_request_of_many_letters_in_doubt(fleet: MakeFleet, sendgrid_sink: SendgridSink) -> None:
    random = dice("stops over SendGrid")
    sendgrid_sink.latency = lambda: LATEST
    site = fleet("clock", **sendgrid_settings(sendgrid_sink), UNCERTAIN_AFTER="1")
    learners: list[str] = []
    for number in range(STOPS_OF_REQUESTS):
        _stop_in_mid_batch(site, random, learners, f"{number}-", OF_REQUEST, lambda: len(sendgrid_sink.requests))
        assert site.states().get("accepted", 0) == len(sendgrid_sink.mails)
    _finish(site, learners, lambda: seen_by_sendgrid(sendgrid_sink), 0, 0, "SendGrid")


@pytest.mark.parametrize("number", REQUESTS, ids=["SIGTERM", "SIGINT"])
def test_dayletter_up_waits_for_the_answers_to_letters_that_are_begun(
    tmp_path: Path, smtp_sink: SmtpSink, number: signal.Signals
) -> None:
    """Its batch would last for longer than any process that sends nothing is given."""
    smtp_sink.behaviour.reply_delay = 1.0
    mail = {**SETTINGS, "MAIL_URL": f"{smtp_sink.url}&connections=2"}
    with running(tmp_path, free_port(), **mail) as up:
        _import_learners(tmp_path, mail)
        wait_for(lambda: len(smtp_sink.mails) > 2, up.told, hopeless=up.has_ended)
        assert up.end(number) == 0
    with Database(load(settings(tmp_path, **mail)).database_url).read() as session:
        states = Counter(session.scalars(select(Delivery.state)))
    assert states["accepted"] == len(smtp_sink.mails)
    assert states.keys() == {"accepted", "queued"}


def test_a_worker_that_waits_for_redis_ends_when_it_is_asked_to(
    fleet: MakeFleet, redis_server: RedisServer
) -> None:
    site = fleet("worker", MAIL_URL="outbox:")
    redis_server.stop()
    wait_for(lambda: "Redis is away" in site.logs(), site.report)
    (worker,) = site.of_role("worker")
    site.stop(worker)


def _import_learners(var_dir: Path, mail: Mapping[str, str]) -> None:
    team = var_dir / "team.csv"
    rows = [f"learner{number}@example.org,2026-03-01T09:30:00+01:00" for number in range(LEARNERS)]
    team.write_text("\n".join(["email,confirmed_at", *rows]))
    command = [DAYLETTER, "learners", "import", "career-mobility", str(team)]
    subprocess.run(command, env=settings(var_dir, **mail), check=True, capture_output=True)


def _stop_in_mid_batch(
    site: Fleet, random: Random, learners: list[str], name: str, batch: int, taken: Callable[[], int]
) -> bool:
    """Whether a part of the batch was left to the next worker."""
    if site.states().get("queued", 0) < batch / 2:
        learners += site.enrol(batch, random, name, quietly=True)
        wait_for(lambda: site.states().get("queued", 0) >= batch, site.report)
    before, worker = taken(), site.start("worker")
    wait_for(lambda: taken() > before, site.report)
    time.sleep(random.random() * LATEST)
    site.stop(worker, random.choice(REQUESTS), random.choice((None, None, AGAIN_AFTER)))
    states = site.states()
    assert states.get("uncertain", 0) == 0, site.report()
    assert states.get("sending", 0) == 0, site.report()
    return states.get("queued", 0) > 0


def _finish(site: Fleet, learners: list[str], seen: Callable[[], Seen], early: int, least: int, way: str) -> None:
    site.start("worker")
    wait_for(lambda: len(seen()) >= len(learners), site.report)
    site.settle()
    note(f"stops over {way}, {site.database}", **tally(seen(), learners, 1), early=early, seconds=site.seconds())
    assert early >= least, "no batch had to end early: the stops came too late to show anything"
    assert complaints(seen(), learners, 1) == []
    assert site.duplicates() == 0
    assert list(site.runtime.journals.glob("*")) == []
