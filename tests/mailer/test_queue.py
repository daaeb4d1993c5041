"""What stands in Redis can ask for our own jobs, and for nothing else."""

import json
import logging
import os
import pickle
import platform
import time
import zlib
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue
from rq.serializers import JSONSerializer

from mailer import jobs
from mailer.queue import FORMER_QUEUES, JOB, PROBE_JOB, QUEUE, drop_former_jobs, worker_queues
from tests.support.author.studio import work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World


class Trap:
    """Runs a program in whoever unpickles it."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self._mark}'",)


def foreign_queue(server: RedisServer) -> Queue:
    """Ours, as anybody could write into it."""
    return Queue(QUEUE, Redis.from_url(server.url), serializer=JSONSerializer)


def test_a_job_is_text_and_is_found_by_its_batch(studio: World) -> None:
    batch = "0" * 32
    assert studio.runtime.queue.hurry([batch])
    redis = studio.runtime.queue.redis
    (key,) = redis.scan_iter("rq:job:*")
    data = redis.hget(key, "data")
    assert isinstance(data, bytes)
    assert json.loads(zlib.decompress(data)) == [JOB, None, [batch], {}]
    assert studio.runtime.queue.waiting() == {batch}


def test_a_pickle_in_the_queue_is_not_opened_and_a_worker_goes_on(
    studio: World, redis_server: RedisServer, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    queue = foreign_queue(redis_server)
    job = queue.enqueue(PROBE_JOB)
    queue.connection.hset(job.key, "data", pickle.dumps((PROBE_JOB, None, (Trap(mark),), {})))
    assert studio.runtime.queue.hurry(["0" * 32])
    work_off(studio)
    assert not mark.exists()
    assert studio.runtime.queue.waiting() == set()


@pytest.mark.parametrize("name", ["os.system", "mailer.jobs.use", "mailer.jobs.deliver_of_old", "no.such.module"])
def test_another_name_than_those_of_our_jobs_is_dropped_in_words(
    studio: World, redis_server: RedisServer, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    mark = tmp_path / "mark"
    foreign_queue(redis_server).enqueue(name, f"touch '{mark}'", result_ttl=0)
    with caplog.at_level(logging.WARNING):
        work_off(studio)
    assert not mark.exists()
    assert f"this version has no {name}" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("arguments", [(), ("one too many",)], ids=["well", "badly"])
def test_a_job_calls_nothing_else_however_it_ends(
    studio: World, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    called: list[object] = []
    monkeypatch.setattr(platform, "node", lambda *anything: called.append(anything))
    then = Callback("platform.node")
    foreign_queue(redis_server).enqueue(PROBE_JOB, *arguments, on_success=then, on_failure=then)
    work_off(studio)
    assert called == []


def test_what_former_versions_left_is_removed_unread(redis_server: RedisServer, tmp_path: Path) -> None:
    redis = Redis.from_url(redis_server.url)
    mark = tmp_path / "mark"
    for name in FORMER_QUEUES:
        Queue(name, redis).enqueue(PROBE_JOB, Trap(mark), job_id="probe-1")
    ours = worker_queues(redis_server.url)[0]
    assert drop_former_jobs(ours) == ["probe-1"]
    assert drop_former_jobs(ours) == []
    assert not mark.exists()
    assert not list(redis.scan_iter("rq:job:*"))


def test_a_failure_that_a_former_version_kept_goes_too_however_old_it_is(redis_server: RedisServer) -> None:
    former = Queue(FORMER_QUEUES[0], Redis.from_url(redis_server.url))
    job = former.enqueue(PROBE_JOB, job_id="probe-1")
    former.remove(job)
    former.connection.zadd(former.failed_job_registry.key, {job.id: 1})
    assert drop_former_jobs(worker_queues(redis_server.url)[0]) == []
    assert not list(former.connection.scan_iter("rq:job:*"))


def test_no_job_is_cut_off_in_the_middle_whatever_its_entry_says(
    studio: World, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch ends by itself, between two letters."""
    ended: list[bool] = []

    def take_long(*_parts: object) -> bool:
        time.sleep(1.2)
        ended.append(True)
        return True

    monkeypatch.setattr(jobs, "send_probe", take_long)
    foreign_queue(redis_server).enqueue(PROBE_JOB, job_timeout=1)
    work_off(studio)
    assert ended == [True]
