"""The mails of a learner keep their order, and none of them waits for ever."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, update

from course.enrolment.many.csv_rows import Row
from course.enrolment.many.import_learners import take_in
from course.enrolment.registration import Registration
from course.models import CourseRow, Delivery
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from mailer.queue import QUEUE
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.hold import hold_sending, release_sending
from mailer.sending.patience.isolation import set_aside
from mailer.sending.patience.turn import DOUBT_COUNTS, LOOK_AGAIN, LOOK_AGAIN_AT_LATEST
from mailer.sending.plan import planning_step
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.redis_server import RedisServer

LEARNERS = 60
PORTION = 20


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as built:
        yield built


def take(world: ScriptedWorld, count: int, agreed_ago: timedelta = timedelta(days=90)) -> list[str]:
    """An import of people who have agreed elsewhere, and the planning of their first lesson."""
    agreed_at = world.clock.now() - agreed_ago
    emails = [f"learner{number}@example.org" for number in range(count)]
    for first in range(0, count, PORTION):
        rows = [
            Row(line, Registration(email, "", "UTC", 8, False), agreed_at)
            for line, email in enumerate(emails[first : first + PORTION], 2)
        ]
        with world.runtime.db.write() as session:
            published = world.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
            take_in(session, published, rows, world.clock.times())
        world.clock.forward(seconds=1)
    planning_step(world.runtime)
    return emails


def batches(world: ScriptedWorld, kind: str) -> list[str]:
    with world.runtime.db.read() as session:
        queued = select(Delivery.batch).where(Delivery.state == "queued", Delivery.kind == kind).distinct()
        return list(session.scalars(queued))


def deliver(world: ScriptedWorld, kind: str) -> int:
    return sum(deliver_batch(world.runtime, batch) for batch in batches(world, kind))


def deliver_lessons(world: ScriptedWorld) -> Callable[[], None]:
    def elsewhere() -> None:
        deliver(world, "lesson")

    return elsewhere


def change(world: ScriptedWorld, which: str, **values: Any) -> None:
    with world.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.kind == which).values(**values))


def order_of(world: ScriptedWorld, email: str) -> list[str]:
    return [occasion for address, occasion, _ in world.provider.taken if address == email]


def test_after_a_hold_an_import_and_a_release_nobody_gets_day_one_before_the_welcome(world: ScriptedWorld) -> None:
    with world.runtime.db.write() as session:
        hold_sending(session, "a look at the figures", world.clock.real())
    learners = take(world, LEARNERS)
    with world.runtime.db.write() as session:
        release_sending(session)
    assert deliver(world, "lesson") == 0, "even if the workers come upon the lessons first"
    # While one worker is at the welcomes, another one is at the lessons.
    elsewhere = deliver_lessons(world)
    world.provider.meanwhile = [*[lambda: None] * 10, elsewhere, elsewhere]
    deliver(world, "welcome")
    for _ in range(5):
        world.clock.forward(seconds=1)
        deliver(world, "lesson")
    assert [order_of(world, learner) for learner in learners] == [["other", "lesson 1"]] * LEARNERS


def test_the_planning_step_asks_for_the_earlier_batches_first(world: ScriptedWorld) -> None:
    with world.runtime.db.write() as session:
        hold_sending(session, "a look at the figures", world.clock.real())
    take(world, LEARNERS)
    with world.runtime.db.write() as session:
        release_sending(session)
    world.runtime.queue.redis.flushall()
    planning_step(world.runtime)
    queue = Queue(QUEUE, world.runtime.queue.redis, serializer=JSONSerializer)
    asked = [job.partition("-")[0] for job in queue.get_job_ids()]
    assert len(asked) == LEARNERS / PORTION + 1
    assert set(asked[:-1]) == set(batches(world, "welcome"))
    assert asked[-1:] == batches(world, "lesson")


def test_a_lesson_dated_before_its_welcome_comes_after_it_all_the_same(world: ScriptedWorld) -> None:
    take(world, 1)
    change(world, "lesson", due_at=world.clock.now() - timedelta(hours=1))
    assert deliver(world, "lesson") == 0
    assert deliver(world, "welcome") == 1
    world.clock.forward(seconds=1)
    assert deliver(world, "lesson") == 1


HOUR = timedelta(hours=1)
STILL_TO_GO = [
    ("queued, and tried again later", {"state": "queued", "refusals": 2, "retry": HOUR}),
    ("with a worker", {"state": "sending", "owner": "elsewhere:0123456789abcdef", "retry": -HOUR}),
    ("in doubt just now", {"state": "uncertain", "uncertain": timedelta()}),
]
NO_LONGER_WAITED_FOR = [
    ("taken", {"state": "accepted"}),
    ("given up", {"state": "failed"}),
    ("cancelled", {"state": "cancelled"}),
    ("long in doubt", {"state": "uncertain", "uncertain": -DOUBT_COUNTS}),
    ("for somebody else", {"state": "queued", "email": "new@example.org", "retry": HOUR}),
    ("a confirmation that was refused", {"state": "queued", "kind": "confirm", "refusals": 1, "retry": HOUR}),
    ("a confirmation in doubt", {"state": "uncertain", "kind": "confirm", "uncertain": timedelta()}),
]


def arrange(world: ScriptedWorld, values: dict[str, Any]) -> None:
    """Let the welcome be so; `retry` and `uncertain` are from now on."""
    given = dict(values)
    moments = {"retry": "retry_at", "uncertain": "uncertain_at"}
    for name in moments.keys() & given.keys():
        given[moments[name]] = world.clock.real() + given.pop(name)
    change(world, "welcome", **given)


@pytest.mark.parametrize("values", [v for _, v in STILL_TO_GO], ids=[name for name, _ in STILL_TO_GO])
def test_a_lesson_waits_for_an_earlier_mail_that_is_still_to_go(
    world: ScriptedWorld, values: dict[str, Any]
) -> None:
    take(world, 1)
    arrange(world, values)
    assert deliver(world, "lesson") == 0
    with world.runtime.db.read() as session:
        retry_at = session.scalars(select(Delivery.retry_at).where(Delivery.kind == "lesson")).one()
    assert LOOK_AGAIN <= retry_at - world.clock.real() <= LOOK_AGAIN_AT_LATEST


@pytest.mark.parametrize(
    "values", [v for _, v in NO_LONGER_WAITED_FOR], ids=[name for name, _ in NO_LONGER_WAITED_FOR]
)
def test_a_lesson_does_not_wait_for_what_need_not_come(world: ScriptedWorld, values: dict[str, Any]) -> None:
    take(world, 1)
    arrange(world, values)
    assert deliver(world, "lesson") == 1


def test_a_batch_that_no_worker_can_send_stops_no_lesson(world: ScriptedWorld) -> None:
    take(world, 1)
    (welcome,) = batches(world, "welcome")
    with world.runtime.db.write() as session:
        set_aside(session, "batch", welcome, ValueError("no such text"), world.clock.real())
    assert deliver(world, "lesson") == 1


@pytest.mark.parametrize(("kind", "went"), [("link", 1), ("confirm", 1), ("moved", 0)])
def test_who_waits_at_a_screen_waits_for_no_earlier_mail(world: ScriptedWorld, kind: Any, went: int) -> None:
    take(world, 1)
    world.clock.forward(seconds=1)
    with world.runtime.db.write() as session:
        enrolment = world.look_up("learner0@example.org")
        deliveries.add(session, session.merge(enrolment), ServiceMail(kind), world.clock.times())
    assert deliver(world, kind) == went


def test_a_trial_during_a_hold_is_not_spent_on_mails_that_wait_for_others(world: ScriptedWorld) -> None:
    take(world, PORTION)
    with world.runtime.db.write() as session:
        hold_sending(session, "550 too many", world.clock.real(), again_at=world.clock.real())
    for _ in range(5):
        planning_step(world.runtime)
        for job in world.runtime.queue.waiting() or ():
            deliver_batch(world.runtime, job)
        world.clock.forward(seconds=1)
    assert world.provider.taken, "sending goes on by itself"
