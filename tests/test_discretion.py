"""A learner's address, name and note stand in the database alone: in no log, no Redis and no journal, whatever
breaks."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from rq import SimpleWorker
from rq.registry import FailedJobRegistry
from rq.results import Result
from sqlalchemy import text

from mailer import jobs
from mailer.compose.message import Letter, Template
from mailer.jobs import deliver
from mailer.providers.answer import Answer, Begin, unannounced
from tests.support.world.world import World
from worker import open_worker

EMAIL, NAME, NOTE = "canary-a@birds.example", "Canary Bee", "canary-c sings"
CANARIES = ("canary-a", "birds.example", "Canary Bee", "canary-c")


@contextmanager
def without(world: World, table: str) -> Iterator[None]:
    """A table that is not there: every statement about it fails with all its parameters."""
    execute(world, f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        execute(world, f"ALTER TABLE away RENAME TO {table}")


def execute(world: World, statement: str) -> None:
    with world.runtime.db.write() as session:
        session.execute(text(statement))


def work_off(world: World) -> None:
    jobs.use(world.runtime)
    worker: SimpleWorker = open_worker(world.runtime.settings.redis_url or "")
    worker.work(burst=True, logging_level="INFO")


def held_in_redis(world: World) -> str:
    """All that stands there, also what RQ packs, as text."""
    redis = world.runtime.queue.redis
    queues = world.runtime.queue._awaited, world.runtime.queue._queue
    packed = [
        f"{job.description} {job.args} {[r.exc_string for r in Result.all(job)]}"
        for queue in queues
        for name in FailedJobRegistry(queue=queue).get_job_ids(cleanup=False)
        if (job := queue.fetch_job(name)) is not None
    ]
    waiting = [f"{job.description} {job.args}" for queue in queues for job in queue.jobs]
    raw = [repr((key, redis.dump(key))) for key in redis.scan_iter()]
    return "\n".join([*packed, *waiting, *raw])


def seen(held: str) -> list[str]:
    return [canary for canary in CANARIES if canary in held]


@pytest.fixture
def learner(world: World, caplog: pytest.LogCaptureFixture) -> World:
    caplog.set_level(logging.INFO)
    world.enrol(EMAIL, name=NAME)
    return world


def test_errors_of_pages_are_logged_without_what_was_written(
    learner: World, caplog: pytest.LogCaptureFixture
) -> None:
    learn = learner.learn_url(EMAIL)
    with without(learner, "note"):
        assert learner.person.post(f"{learn}/dough-1/note", {"words": NOTE}).status == 500
    with without(learner, "suppression"):
        assert learner.app.test_client().post(f"{learn}/dough-1/mail").status_code == 500
    with without(learner, "visit"):
        learner.person.look(f"{learn}/dough-1")
    assert "A request failed" in caplog.text
    assert "note.py" in caplog.text or "notes.py" in caplog.text, "where it was is told"
    assert seen(caplog.text) == []


def test_a_row_that_is_there_already_is_logged_without_its_key(
    learner: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(*_given: object, **_named: object) -> None:
        with learner.runtime.db.write() as session:
            session.execute(
                text("INSERT INTO learner (email, name, created_at) VALUES (:e, :n, '2026-01-01')"),
                {"e": EMAIL, "n": NAME},
            )

    monkeypatch.setattr("course.enrolment.steering.resume", twice)
    assert learner.person.post(f"{learner.learn_url(EMAIL)}/resume").status == 500
    assert "A request failed" in caplog.text
    assert seen(caplog.text) == []


def test_what_a_failed_job_leaves_in_redis_names_nobody(learner: World, caplog: pytest.LogCaptureFixture) -> None:
    assert learner.person.post("/lost-link", {"email": EMAIL}).status == 200
    assert seen(held_in_redis(learner)) == [], "while it waits"
    with without(learner, "learner"):
        work_off(learner)
    held = held_in_redis(learner)
    assert "JobFailed" in held
    assert seen(held) == []
    assert seen(caplog.text) == []


def test_a_lost_link_is_mailed_all_the_same(learner: World) -> None:
    assert learner.person.post("/lost-link", {"email": EMAIL}).status == 200
    learner.clock.forward(hours=1)
    work_off(learner)
    learner.step()
    assert learner.mails("link")[-1].message["To"] == EMAIL


class _Outspoken:
    """A mail server that says to whom it will not deliver."""

    confirms = False

    def send(self, _template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        begin([letter.attempt for letter in letters])
        for letter in letters:
            yield Answer(
                letter.attempt, "refused", f"550 <{letter.email}>: {letter.email} is unknown", permanent=True
            )

    def trouble(self) -> str:
        return ""

    def ways(self) -> dict[str, str]:
        return {}

    def has(self, _delivery: str) -> bool | None:
        return None

    def close(self) -> None:
        pass


def test_what_a_mail_server_says_of_an_address_is_written_without_it(
    learner: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.person.post(f"{learner.learn_url(EMAIL)}/next")
    batch = next(row["batch"] for row in learner.rows()["delivery"] if row["state"] == "queued")
    jobs.use(replace(learner.runtime, provider=_Outspoken()))

    def nothing_is_recorded(*_given: object, **_named: object) -> None:
        raise OSError

    monkeypatch.setattr("mailer.sending.deliver.record", nothing_is_recorded)
    deliver(batch)
    assert [row["why"].split()[0] for row in learner.rows()["set_aside"]] == ["OSError"]
    journals = "".join(file.read_text() for file in learner.runtime.journals.iterdir())
    assert "is unknown" in journals
    assert seen(journals + caplog.text) == []
