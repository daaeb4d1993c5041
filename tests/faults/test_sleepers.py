"""Workers that sleep past their lease, clocks that jump, and two whole deployments on one database."""

import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from course.models import Delivery
from course.times import RealTime
from mailer import time_limits
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.sending import clock_jumps
from mailer.sending.deliver import deliver_batch
from mailer.sending.journal import TakenUp
from tests.faults.conftest import MakeFleet
from tests.faults.oracle import complaints, extra_copies, missing, seen_by_sendgrid, seen_by_smtp, tally, uncounted
from tests.faults.scale import FULL, dice, note, sized
from tests.faults.scripted import Scripted, ScriptedWorld
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.event_return import EventReturn
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.waiting import seconds, wait_for
from tests.support.world.fleet import Fleet
from tests.support.world.sample_course import DAYS

LEARNERS = sized(12, 200)
DAY = 86_400.0
OTHERS = ("confirm", "welcome")
CONNECTIONS = 2


def test_a_worker_stopped_past_its_lease_sends_nothing_when_it_goes_on(
    fleet: MakeFleet, database_url: str, smtp_sink: SmtpSink
) -> None:
    smtp_sink.behaviour.reply_delay = 0.05
    site = fleet(MAIL_URL=f"{smtp_sink.url}&connections={CONNECTIONS}", UNCERTAIN_AFTER="1")
    learners = site.enrol(LEARNERS, dice("a stopped worker"))
    site.start("clock")
    wait_for(lambda: len(site.runtime.queue.waiting() or ()) > len(OTHERS) * LEARNERS, site.report)
    sleeper = site.start("worker")
    wait_for(lambda: sum(what == "lesson 1" for _, what in seen_by_smtp(smtp_sink)) >= 3, site.report)
    _stop_outside_a_transaction(sleeper, database_url)
    for clock in site.of_role("clock"):
        site.kill(clock)
    assert site.states().get("sending"), "it was stopped too late"
    _let_the_lease_end(site)
    site.start("clock")
    site.start("worker")
    wait_for(lambda: not missing(seen_by_smtp(smtp_sink), learners, 1), site.report)
    site.settle()
    before = seen_by_smtp(smtp_sink)
    os.kill(sleeper, signal.SIGCONT)
    wait_for(lambda: "taken up" in site.logs() or seen_by_smtp(smtp_sink) != before, site.report)
    site.settle()
    seen = seen_by_smtp(smtp_sink)
    note(f"a stopped worker, {site.database}", **tally(seen, learners, 1), counted=site.duplicates())
    assert [f"{what} reached {who} afterwards" for who, what in seen - before] == []
    assert uncounted(seen, site.duplicates()) == []
    assert extra_copies(seen) <= CONNECTIONS


def test_two_deployments_on_one_database_share_the_work(
    nursery: Nursery,
    tmp_path: Path,
    database_url: str,
    redis_server: RedisServer,
    sendgrid_sink: SendgridSink,
    without: Mutation | None = None,
) -> None:
    """The first mails wait in both queues before anybody takes them."""
    random = dice("two deployments")
    sendgrid_sink.latency = lambda: random.random() * 0.03
    settings = {**sendgrid_settings(sendgrid_sink), "DATABASE_URL": database_url, "UNCERTAIN_AFTER": seconds(3)}
    settings["CLOCK"] = "2026-03-23T06:00:00Z@43200"
    with (
        RedisServer() as other_redis,
        Fleet(
            nursery, tmp_path / "one", {**settings, "REDIS_URL": redis_server.url}, ("web",), without=without
        ) as one,
    ):
        settings |= {"REDIS_URL": other_redis.url, "BASE_URL": one.base_url}
        _share_the_clock(one, tmp_path / "other")
        with Fleet(nursery, tmp_path / "other", settings, (), without=without) as other:
            learners = one.enrol(LEARNERS, random)
            for site in (one, other, one, other):
                site.start("clock")
            wait_for(lambda: one.runtime.queue.waiting() and other.runtime.queue.waiting(), one.report)
            for site in (one, other, one, other):
                site.start("worker")
            with EventReturn(sendgrid_sink, one.base_url, random, most=3):
                for site in (one, other, one, other):
                    site.replace_one(random)
                wait_for(lambda: not missing(seen_by_sendgrid(sendgrid_sink), learners, DAYS, OTHERS), one.report)
                one.settle()
            seen = seen_by_sendgrid(sendgrid_sink)
            note(
                f"two deployments, {one.database}",
                **tally(seen, learners, DAYS, OTHERS),
                kills=4,
                seconds=one.seconds(),
            )
            assert complaints(seen, learners, DAYS, OTHERS) == []
            assert one.duplicates() == 0


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as built:
        yield built


@pytest.mark.parametrize("hours", [1, 24, 72, -1, -24] if FULL else [24, -24], ids=lambda hours: f"{hours}h")
def test_a_clock_that_jumps_doubles_nothing_and_skips_nothing(world: ScriptedWorld, hours: int) -> None:
    """In the middle of a batch; another worker plans and sends meanwhile by the new time."""
    learners = world.learners(5)
    world.provider.meanwhile = [lambda: None, lambda: _jump(world, hours)]
    with suppress(TakenUp):
        world.work()
    world.work_on((DAYS + 3) * DAY + abs(hours) * 3600, 3600)
    assert complaints(world.provider.seen, learners, DAYS) == []
    dates = Counter(
        (email, moment.date())
        for (email, _, _), moment in zip(world.provider.taken, world.provider.moments, strict=True)
    )
    assert max(dates.values()) == 1, "one lesson a day, however the clock runs"
    assert world.duplicates() == 0


def test_a_claim_that_is_written_down_late_with_a_moment_from_before_a_jump_is_not_taken_for_silent(
    world: ScriptedWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    learners, before = world.learners(3), world.clock.real()

    def begin_anew(session: Session, real: RealTime) -> None:
        whole(session, real)
        session.execute(
            update(Delivery)
            .where(Delivery.state == "sending")
            .values(lease_until=before + timedelta(seconds=time_limits.LEASE))
        )

    def jump() -> None:
        world.clock.jump(days=1)
        with monkeypatch.context() as patch:
            patch.setattr(clock_jumps, "begin_anew", begin_anew)
            world.plan()

    whole = clock_jumps.begin_anew
    world.provider.meanwhile = [lambda: None, jump]
    world.work()
    world.work_on(30, 10)
    assert complaints(world.provider.seen, learners, 1) == []
    assert world.duplicates() == 0


@pytest.fixture
def hearing_world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url, events=True)) as built:
        yield built


def test_a_lesson_of_a_day_that_the_clock_took_back_was_that_days_lesson(
    hearing_world: ScriptedWorld,
) -> None:
    """Sent while the clock was ahead, after midnight, and in doubt until it was right again."""
    world = hearing_world
    learners = world.learners(1, hour=23)
    world.work()
    world.clock.forward(days=1, hours=17, minutes=15)
    world.plan()
    world.clock.jump(hours=1)
    world.provider.script = ["lose-after"]
    world.work()
    world.clock.jump(hours=-1)
    world.plan()
    world.tell_of(world.provider.taken)
    world.work_on((DAYS + 5) * DAY, 3600)
    assert complaints(world.provider.seen, learners, DAYS) == []
    taken = zip(world.provider.taken, world.provider.moments, strict=True)
    dates = [moment.date() for (_, occasion, _), moment in taken if occasion != "other"]
    assert len(set(dates)) == len(dates) == DAYS


def test_a_lesson_planned_while_the_clock_was_ahead_waits_for_its_day(world: ScriptedWorld) -> None:
    learners = world.learners(2)
    world.work()
    world.clock.jump(days=3, hours=2, minutes=15)
    assert world.plan()
    world.clock.jump(days=-3, hours=-2, minutes=-15)
    world.work_on(DAY / 4, 3600)
    assert complaints(world.provider.seen, learners, DAYS) == [
        f"lesson {day} never reached {email}" for email in learners for day in (2, 3)
    ]
    world.work_on((DAYS + 4) * DAY, 3600)
    assert complaints(world.provider.seen, learners, DAYS) == []


def test_a_worker_whose_letters_are_refused_again_and_again_keeps_its_claim(world: ScriptedWorld) -> None:
    """As while SendGrid names no culprit, and a thousand letters are divided until it is found."""
    world.learners(1)

    class Dividing(Scripted):
        def send(
            self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced
        ) -> Iterator[Answer]:
            for _ in range(5):
                world.clock.forward(seconds=time_limits.LEASE / 2)
                begin([letter.attempt for letter in letters])
                world.plan()
            yield from super().send(template, letters, begin)

    world.runtime = replace(world.runtime, provider=Dividing(world.clock))
    for batch in world.plan():
        deliver_batch(world.runtime, batch)
    assert world.states() == ["accepted"]


def _jump(world: ScriptedWorld, hours: int) -> None:
    world.clock.jump(hours=hours)
    world.provider.meanwhile.clear()
    world.work()


def _stop_outside_a_transaction(pid: int, database_url: str) -> None:
    """On SQLite a writer stopped in a transaction would stop everybody: not what is tested here."""
    for _ in range(1000):
        os.kill(pid, signal.SIGSTOP)
        if not _someone_writes(database_url):
            return
        os.kill(pid, signal.SIGCONT)
    raise AssertionError("always in a transaction")


def _someone_writes(database_url: str) -> bool:
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA busy_timeout=0")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return False
            busy = text(
                "SELECT count(*) FROM pg_locks WHERE granted AND mode = 'RowExclusiveLock'"
                " AND pid <> pg_backend_pid()"
            )
            return bool(connection.scalar(busy))
    except OperationalError:
        return True
    finally:
        engine.dispose()


def _let_the_lease_end(site: Fleet) -> None:
    """As if the time had passed."""
    past = site.runtime.clock.real() - timedelta(seconds=1)
    with site.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.state == "sending").values(lease_until=past))


def _share_the_clock(site: Fleet, folder: Path) -> None:
    """Two machines agree on the time."""
    (folder / "var").mkdir(parents=True)
    for anchor in site.runtime.settings.var_dir.glob("clock-*"):
        (folder / "var" / anchor.name).write_text(anchor.read_text())
