"""What cannot be planned, claimed or taken up is set aside, told, and tried again; it stops nobody else."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

import mailer.sending.plan
from course.enrolment.enrolments import participant
from course.learning.resend import send_again
from course.models import Delivery, Enrolment, SetAside
from mailer.compose.message import Letter, Template
from mailer.compose.template_cache import TemplateCache
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.outbox import Outbox
from mailer.queue import MOST_FAILED, QUEUE, TRY_OUT_JOB
from mailer.sending import deliver, journal
from mailer.sending.patience.giving_up import MOST_BREAKS
from mailer.sending.plan import planning_step
from tests.support.author.studio import work_off
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def write(world: World, email: str, **values: Any) -> None:
    """Puts something into an enrolment's row by hand."""
    with world.runtime.db.write() as session:
        session.execute(update(Enrolment).where(Enrolment.id == world.look_up(email).id).values(**values))


def aside(world: World) -> list[tuple[str, int]]:
    with world.runtime.db.read() as session:
        return [(kind, tries) for kind, tries in session.execute(select(SetAside.kind, SetAside.tries))]


def lessons_of(world: World, email: str) -> list[str]:
    with world.runtime.db.read() as session:
        mine = Delivery.enrolment_id == world.look_up(email).id, Delivery.kind == "lesson"
        return list(session.scalars(select(Delivery.slug).where(*mine).order_by(Delivery.due_at)))


def alarms(world: World) -> str:
    return " ".join(world.app.test_client().get("/readyz").get_json()["alarms"])


NAMES = [f"{name}@example.org" for name in ("ada", "bea", "cid", "dan", "eva")]


@pytest.mark.parametrize("broken", [{"zone": "Nowhere/Gone"}, {"state": "asleep"}, {"pace": "never"}])
def test_a_row_that_cannot_be_planned_stops_nobody_else_and_is_planned_once_it_is_mended(
    world: World, broken: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    for name in NAMES:
        world.enrol(name)
    sound = {column: getattr(world.look_up("cid@example.org"), column) for column in broken}
    write(world, "cid@example.org", **broken)
    world.clock.forward(days=1, hours=2)
    world.step()
    sent = {name: len(lessons_of(world, name)) for name in NAMES}
    assert sent == dict.fromkeys(NAMES, 2) | {"cid@example.org": 1}
    assert aside(world) == [("enrolment", 1)]
    assert "1 of kind enrolment" in alarms(world)
    assert "cid@" not in caplog.text
    assert planning_step(world.runtime).looked_at == 0, "it is left alone for a while"
    world.clock.forward(minutes=5)
    planning_step(world.runtime)
    assert aside(world) == [("enrolment", 2)]
    write(world, "cid@example.org", **sound)
    world.forward(minutes=30)
    assert len(lessons_of(world, "cid@example.org")) == 2
    assert aside(world) == []
    assert "aside" not in alarms(world)


@ON_SQLITE
def test_where_all_of_a_course_fail_it_is_the_course_that_is_set_aside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in NAMES:
        world.enrol(name)

    def fail(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(mailer.sending.plan, "MOST_ALONE", 2)
    monkeypatch.setattr(mailer.sending.plan, "look", fail)
    world.clock.forward(days=1, hours=2)
    world.step()
    assert sorted(aside(world)) == [("course", 1), ("enrolment", 1), ("enrolment", 1)]


def test_a_template_that_cannot_be_made_stops_no_letter_of_another(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is not tracked has a template of their own."""
    for name in NAMES:
        world.enrol(name)
    write(world, CID, tracking=not world.look_up(CID).tracking)
    world.clock.forward(days=1, hours=2)
    whole, of_cid = TemplateCache.template, world.look_up(CID).tracking

    def fail(cache: TemplateCache, *rest: Any) -> Template:
        if rest[-1].tracked is of_cid:
            raise LookupError
        return whole(cache, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(TemplateCache, "template", fail)
        run_jobs(world, 5)
    assert states(world) == ALL_WELL | {"cid": "queued"}
    assert lesson_of(world, CID).refusals == 1
    world.clock.forward(minutes=5)
    run_jobs(world, 1)
    assert states(world) == ALL_WELL


def run_jobs(world: World, times: int) -> None:
    """Some planning steps, each with all its jobs."""
    for _ in range(times):
        planning_step(world.runtime)
        work_off(world)


class Faulty(Outbox):
    """An outbox with an error in it: what is to be sent to some addresses raises, `before` it may be taken or not;
    or, if it is `mute`, gets no answer."""

    def __init__(self, folder: Path, *emails: str, before: bool = True, mute: bool = False) -> None:
        super().__init__(folder)
        self.emails, self.before, self.mute = emails, before, mute
        self.raised = 0

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        for letter in letters:
            if letter.email not in self.emails:
                yield from super().send(template, [letter], begin)
            elif not self.mute:
                self.raised += 1
                if not self.before:
                    begin([letter.attempt])
                raise LookupError(letter.email)


def faulty(world: World, *emails: str, before: bool = True, mute: bool = False) -> Faulty:
    """Lessons are due, and the provider has an error."""
    for name in NAMES:
        world.enrol(name)
    world.clock.forward(days=1, hours=2)
    outbox = Faulty(world.runtime.settings.var_dir / "outbox", *emails, before=before, mute=mute)
    world.runtime = replace(world.runtime, provider=outbox)
    return outbox


def lesson_of(world: World, email: str) -> Delivery:
    with world.runtime.db.read() as session:
        mine = Delivery.enrolment_id == world.look_up(email).id, Delivery.slug == "dough-2"
        return session.scalars(select(Delivery).where(*mine)).one()


def states(world: World) -> dict[str, str]:
    return {name.partition("@")[0]: lesson_of(world, name).state for name in NAMES}


ALL_WELL = dict.fromkeys(("ada", "bea", "cid", "dan", "eva"), "accepted")
CID = "cid@example.org"


def test_a_letter_whose_sending_raises_stops_no_other_and_after_a_few_times_it_has_failed(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = faulty(world, CID)
    run_jobs(world, 5)
    assert states(world) == ALL_WELL | {"cid": "queued"}
    tried, poisoned = outbox.raised, lesson_of(world, CID)
    assert tried <= 4, "in the batch, in what was left of it, and alone"
    assert (poisoned.refusals, poisoned.why.split(" in ")[0]) == (1, "LookupError")
    assert "cid@" not in caplog.text
    assert poisoned.retry_at >= world.clock.real() + timedelta(seconds=60)
    for _ in range(10):
        world.clock.forward(minutes=3)
        run_jobs(world, 1)
    poisoned = lesson_of(world, CID)
    assert (poisoned.state, outbox.raised - tried) == ("failed", MOST_BREAKS - 1)
    assert poisoned.why.startswith("LookupError in ")
    assert aside(world) == []
    assert "could not be delivered" in alarms(world)
    assert list(world.runtime.journals.glob("*")) == []


@ON_SQLITE
def test_a_letter_that_an_operator_sends_again_has_its_times_anew(world: World) -> None:
    outbox = faulty(world, CID)
    for _ in range(10):
        run_jobs(world, 1)
        world.clock.forward(minutes=3)
    assert lesson_of(world, CID).state == "failed"
    with world.runtime.db.write() as session:
        who = participant(session, world.runtime.shelf, world.look_up(CID).id, lock=True)
        send_again(session, who, "dough-2", world.clock.times())
    run_jobs(world, 1)
    assert lesson_of(world, CID).state == "queued"
    outbox.emails = ()
    world.clock.forward(minutes=5)
    run_jobs(world, 1)
    assert states(world) == ALL_WELL


@ON_SQLITE
def test_where_everything_raises_each_letter_waits_and_goes_once_that_is_mended(
    world: World,
) -> None:
    outbox = faulty(world, *NAMES)
    run_jobs(world, 5)
    assert set(states(world).values()) == {"queued"}
    assert outbox.raised < 2 * len(NAMES)
    outbox.emails = ()
    world.clock.forward(minutes=5)
    run_jobs(world, 2)
    assert states(world) == ALL_WELL


@ON_SQLITE
def test_a_letter_that_may_have_been_taken_when_an_error_came_is_in_doubt(world: World) -> None:
    faulty(world, CID, before=False)
    run_jobs(world, 5)
    assert states(world) == ALL_WELL | {"cid": "uncertain"}
    assert lesson_of(world, CID).why.startswith("LookupError in ")


@ON_SQLITE
def test_a_letter_of_which_the_provider_tells_nothing_waits(world: World) -> None:
    faulty(world, CID, mute=True)
    run_jobs(world, 5)
    assert states(world) == ALL_WELL | {"cid": "queued"}
    assert lesson_of(world, CID).why == "the mail provider told nothing of it"


def test_a_letter_that_cannot_be_filled_waits_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        world.enrol(name)
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    write(world, "cid@example.org", zone="Nowhere/Gone")
    world.step()
    with world.runtime.db.read() as session:
        queued = session.scalars(select(Delivery).where(Delivery.state == "queued")).all()
    assert [delivery.enrolment_id for delivery in queued] == [world.look_up("cid@example.org").id]
    assert "ZoneInfoNotFoundError" in queued[0].why
    assert queued[0].retry_at > world.clock.real()


def test_a_batch_whose_claim_fails_is_tried_ever_more_seldom_and_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.enrol()
    world.clock.forward(days=1, hours=2)
    tries: list[None] = []

    def fail(*_: object) -> None:
        tries.append(None)
        raise ValueError("for ada@example.org")

    with monkeypatch.context() as patch:
        patch.setattr(deliver, "_by_template", fail)
        run_jobs(world, 20)
        assert len(tries) == 1
        for _ in range(60):
            world.clock.forward(minutes=1)
            run_jobs(world, 1)
        assert len(tries) < 12
        assert "1 of kind batch (ValueError" in alarms(world)
        assert list(world.runtime.journals.glob("*")) == []
        assert not list(world.runtime.queue.redis.scan_iter("rq:job:*"))
    world.clock.forward(hours=2)
    run_jobs(world, 1)
    assert len(world.mails("lesson")) == 1, "it is late by now, and comes at the next hour"
    world.next_lesson()
    assert lessons_of(world, "ada@example.org") == ["dough-1", "dough-2"]
    assert len(world.mails("lesson")) == 2
    assert aside(world) == []


@ON_SQLITE
def test_a_disk_that_is_full_under_the_journal_lets_no_letter_go_and_none_be_lost(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.enrol()
    world.clock.forward(days=1, hours=2)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(journal.Journal, "begin", full)
        run_jobs(world, 20)
    assert len(world.mails("lesson")) == 1
    assert list(world.runtime.journals.glob("*")) == []
    world.clock.forward(hours=1)
    run_jobs(world, 2)
    assert len(world.mails("lesson")) == 2


def test_redis_keeps_few_failed_jobs(studio: World, redis_server: RedisServer) -> None:
    queue = Queue(QUEUE, Redis.from_url(redis_server.url), serializer=JSONSerializer)
    for _ in range(MOST_FAILED + 30):
        queue.enqueue(TRY_OUT_JOB, "no mail", failure_ttl=3600)
    logging.disable(logging.CRITICAL)
    work_off(studio)
    logging.disable(logging.NOTSET)
    assert queue.failed_job_registry.count == MOST_FAILED
    assert len(list(queue.connection.scan_iter("rq:job:*"))) == MOST_FAILED
