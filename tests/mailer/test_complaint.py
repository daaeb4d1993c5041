"""Hours without Redis or database leave a line in the log, not a line twice a second."""

import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

import worker
from mailer.complaint import Complaint
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World


def test_a_complaint_is_said_again_once_it_is_another_or_all_was_well(caplog: pytest.LogCaptureFixture) -> None:
    complaint = Complaint(logging.getLogger("dayletter"))
    for words in ("no door", "no door", "no window", "no door", "", "no door", "no door"):
        if words:
            complaint.say(words)
        else:
            complaint.is_over()
    assert [record.getMessage() for record in caplog.records] == ["no door", "no window", "no door", "no door"]


def test_a_redis_that_stays_away_is_complained_of_once(
    studio: World, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    queue = studio.runtime.queue
    for _ in range(2):
        redis_server.stop()
        for _ in range(3):
            assert queue.waiting() is None
            assert not queue.hurry(["0" * 32])
        redis_server.start()
        assert queue.waiting() == set()
    told = [record.getMessage() for record in caplog.records if "Redis is away" in record.getMessage()]
    assert len(told) == 2


def test_a_clock_that_cannot_plan_says_so_once(
    studio: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    away = OperationalError("SELECT", {}, Exception("no server"))
    steps: Iterator[Exception | None] = iter([away, away, ValueError("odd"), ValueError("odd"), None, away, away])

    def step(_runtime: Any) -> None:
        try:
            problem = next(steps)
        except StopIteration:
            stop.set()
            return
        if problem is not None:
            raise problem

    for name, stand_in in (
        ("_stop_on_signals", lambda: stop),
        ("freeze", lambda: None),
        ("planning_step", step),
        ("STEP_SECONDS", 0),
    ):
        monkeypatch.setattr(worker, name, stand_in)
    worker.tick(studio.runtime)
    told = [record.levelname for record in caplog.records if "trying again" in record.getMessage()]
    assert told == ["WARNING", "ERROR", "WARNING"]
