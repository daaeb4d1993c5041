"""A batch that ends before its last letter: what was begun is answered, the rest waits, nothing is in doubt."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mailer import time_limits
from mailer.sending.deliver import deliver_batch
from tests.faults.oracle import complaints
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.redis_server import RedisServer


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as built:
        yield built


def journals(world: ScriptedWorld) -> list[Path]:
    return list(world.runtime.journals.glob("*"))


@pytest.mark.parametrize("together", [1, 2])
def test_a_worker_that_is_asked_to_stop_begins_no_further_letter(world: ScriptedWorld, together: int) -> None:
    learners = world.learners(6)
    world.provider.together = together
    asked: list[bool] = []
    world.provider.meanwhile = [lambda: None, lambda: None, lambda: asked.append(True)]
    (batch,) = world.plan()
    assert deliver_batch(world.runtime, batch, lambda: bool(asked)) == 6
    assert len(world.provider.taken) == 2 * together
    assert Counter(world.states()) == {"accepted": 2 * together, "queued": 6 - 2 * together}
    assert journals(world) == []
    assert world.plan() == [batch], "others may have the rest at once"
    world.work()
    assert complaints(world.provider.seen, learners, 1) == []
    assert world.duplicates() == 0


def test_a_worker_that_was_asked_to_stop_before_its_batch_claims_nothing(world: ScriptedWorld) -> None:
    world.learners(2)
    (batch,) = world.plan()
    assert deliver_batch(world.runtime, batch, lambda: True) == 0
    assert world.states() == ["queued", "queued"]


def test_a_batch_that_takes_too_long_gives_the_rest_back(
    world: ScriptedWorld, caplog: pytest.LogCaptureFixture
) -> None:
    learners = world.learners(4)
    half = time_limits.BATCH / 2
    world.provider.meanwhile = [lambda: world.clock.forward(seconds=half + 1)] * 3
    (batch,) = world.plan()
    with caplog.at_level(logging.WARNING):
        deliver_batch(world.runtime, batch)
    assert "3 letters wait for the next worker" in caplog.text
    assert Counter(world.states()) == {"accepted": 1, "queued": 3}
    world.work()
    assert complaints(world.provider.seen, learners, 1) == []


def test_what_was_refused_or_lost_before_the_stop_is_no_part_of_the_rest(world: ScriptedWorld) -> None:
    world.learners(5)
    world.provider.script = ["lose-after", "refuse", "accept"]
    asked: list[bool] = []
    world.provider.meanwhile = [*[lambda: None] * 3, lambda: asked.append(True)]
    (batch,) = world.plan()
    deliver_batch(world.runtime, batch, lambda: bool(asked))
    assert Counter(world.states()) == {"uncertain": 1, "accepted": 1, "queued": 3}
    assert len(world.batches()) == 1
    world.work()
    assert Counter(world.states()) == {"uncertain": 1, "accepted": 3, "queued": 1}, "the refused one waits longer"
