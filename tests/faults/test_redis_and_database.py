"""Redis emptied and stopped, PostgreSQL restarted at once: during lessons, and while people register."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.conftest import MakeFleet
from tests.faults.oracle import Seen, complaints, missing, seen_by_sendgrid, tally
from tests.faults.scale import dice, note, sized
from tests.faults.scripted import ScriptedWorld
from tests.faults.test_kills import sendgrid_settings
from tests.support.servers.event_return import EventReturn
from tests.support.servers.nursery import Mutation, Nursery
from tests.support.servers.postgres import FORGETFUL, postgres_server
from tests.support.servers.redis_server import RedisServer
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.waiting import wait_for
from tests.support.world.fleet import Fleet
from tests.support.world.person import HttpBrowser
from tests.support.world.sample_course import DAYS

CLOCK = "2026-03-23T06:00:00Z@43200"  # a day takes two seconds
LEARNERS = sized(15, 600)
EMPTIED = 5
PATIENCE: float | None = None
"""Seconds to wait for all that must come; None: as long as for anything."""
CREW = ("web", "worker", "worker", "clock", "clock")


def test_redis_emptied_and_stopped_costs_nothing_but_time(
    fleet: MakeFleet, redis_server: RedisServer, sendgrid_sink: SendgridSink
) -> None:
    random = dice("Redis emptied and stopped")
    site = fleet(*CREW, **sendgrid_settings(sendgrid_sink), CLOCK=CLOCK)

    def accident(number: int) -> None:
        if number == EMPTIED:
            redis_server.stop()
            time.sleep(1.5)
            redis_server.start()
        else:
            redis_server.empty()

    _go_through(site, random, sendgrid_sink, EMPTIED + 1, accident)


def test_postgresql_restarted_at_once_costs_nothing_but_time(
    nursery: Nursery,
    tmp_path: Path,
    redis_server: RedisServer,
    sendgrid_sink: SendgridSink,
    without: Mutation | None = None,
) -> None:
    random = dice("PostgreSQL restarted at once")
    with postgres_server(FORGETFUL) as postgres, postgres.fresh_database() as url:
        settings = {**sendgrid_settings(sendgrid_sink), "DATABASE_URL": url, "REDIS_URL": redis_server.url}
        with Fleet(nursery, tmp_path, {**settings, "CLOCK": CLOCK}, CREW, without=without) as site:
            _go_through(site, random, sendgrid_sink, sized(3, 12), lambda _: postgres.restart_at_once())


def test_what_was_sent_is_still_known_when_postgresql_is_back(tmp_path: Path, redis_server: RedisServer) -> None:
    """The server keeps nothing in haste, unless it is told to."""
    with (
        postgres_server(FORGETFUL) as postgres,
        postgres.fresh_database() as url,
        closing(ScriptedWorld(tmp_path, url, redis_server.url)) as world,
    ):
        learners = world.learners(3)
        postgres.keep_all()
        world.work()
        postgres.restart_at_once()
        world.work_on(DAYS * 86_400, 3600)
        assert complaints(world.provider.seen, learners, DAYS) == []


def _go_through(
    site: Fleet, random: Random, sink: SendgridSink, accidents: int, accident: Callable[[int], None]
) -> None:
    """Accidents while some take the course and others register; then all must have come, once."""
    sink.latency = lambda: random.random() * 0.03
    learners = site.enrol(LEARNERS, random)
    wait_for(site.is_up)
    with EventReturn(sink, site.base_url, random, most=3), registering(site) as registered:
        for number in range(accidents):
            goes_on = partial(_has_more_than, sink, len(sink.mails))
            accident(number)
            wait_for(goes_on, site.report)
        wait_for(lambda: len(registered) >= 20, site.report)
    with EventReturn(sink, site.base_url, random, most=3):
        wait_for(
            lambda: not _absent(seen_by_sendgrid(sink), learners, registered),
            lambda: f"{_absent(seen_by_sendgrid(sink), learners, registered)}\n{site.report()}",
            within=PATIENCE,
        )
        site.settle()
    seen = seen_by_sendgrid(sink)
    note(
        f"{accidents} accidents, {site.database}",
        **tally(seen, learners, DAYS, ("confirm", "welcome")),
        registered=len(registered),
        counted=site.duplicates(),
        seconds=site.seconds(),
    )
    assert complaints(seen, learners, DAYS, ("confirm", "welcome")) == []
    assert [who for who in registered if seen[(who, "confirm")] != 1] == []


def _has_more_than(sink: SendgridSink, mails: int) -> bool:
    return len(sink.mails) > mails


def _absent(seen: Seen, learners: list[str], registered: list[str]) -> list[str]:
    return missing(seen, learners, DAYS) + missing(seen, registered, 0, ["confirm"])


@contextmanager
def registering(site: Fleet) -> Iterator[list[str]]:
    """People who register all the time; who got a 303 stands in the list. After a failure they try again."""
    registered: list[str] = []
    stop = threading.Event()

    def register() -> None:
        number = 0
        while not stop.wait(0.05):
            email = f"new{number}@example.org"
            fields = {"email": email, "name": "Eve", "zone": "UTC", "hour": "8"}
            try:
                answer = HttpBrowser().send("POST", f"{site.base_url}/courses/bread-at-home/enrol", fields)
            except OSError:
                continue
            if answer.status == 303:
                registered.append(email)
            number += 1

    thread = threading.Thread(target=register, daemon=True)
    thread.start()
    try:
        yield registered
    finally:
        stop.set()
        thread.join()
