"""Who waits at a screen is served within seconds by one worker alone, whatever it is at; and lessons get on."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select

from benchmarks.people import enrol
from course.db import AT_A_SCREEN, is_awaited
from course.enrolment.joining import register
from course.enrolment.many.csv_rows import Row
from course.enrolment.many.import_learners import take_in
from course.enrolment.registration import Registration
from course.models import CourseRow, Delivery
from mailer import jobs
from mailer.queue import AWAITED_QUEUE, QUEUE, MailQueue
from mailer.sending.ending import AWAY_SECONDS, LOOK_SECONDS, Screens
from mailer.sending.plan import planning_step
from tests.faults.scripted import ScriptedWorld
from tests.support.author.studio import work_off
from tests.support.servers.ports import free_port
from tests.support.servers.redis_server import RedisServer
from worker import MOST_IN_A_ROW, open_worker

LESSONS = 1000
PROMISED = timedelta(seconds=10)
A_MAIL = 0.01


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    redis_server.empty()
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as built:
        yield built


def sign_up(world: ScriptedWorld, email: str) -> None:
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
        register(session, published, Registration(email, "", "UTC", 8, False), world.clock.times())


def slowly(world: ScriptedWorld, count: int, at: dict[int, Callable[[], None]]) -> None:
    """Each of so many letters takes its time; before some of them something happens."""

    def pass_time() -> None:
        world.clock.forward(seconds=A_MAIL)

    def both(deed: Callable[[], None]) -> Callable[[], None]:
        def happen() -> None:
            pass_time()
            deed()

        return happen

    world.provider.meanwhile = [both(at[number]) if number in at else pass_time for number in range(count)]


def came_at(world: ScriptedWorld, email: str) -> datetime:
    return next(
        at for (to, *_), at in zip(world.provider.taken, world.provider.moments, strict=True) if to == email
    )


def test_a_confirmation_comes_within_ten_seconds_though_the_only_worker_is_at_a_thousand_lessons(
    world: ScriptedWorld,
) -> None:
    enrol(world.runtime, 2 * LESSONS)
    planning_step(world.runtime)
    asked: dict[str, datetime] = {}

    def ask(email: str) -> Callable[[], None]:
        def now() -> None:
            asked[email] = world.clock.now()
            sign_up(world, email)

        return now

    visitors = [f"visitor{number}@example.net" for number in range(4)]
    places = {20: visitors[0], 450: visitors[1], 990: visitors[2], 1500: visitors[3]}
    slowly(world, 2 * LESSONS, {place: ask(email) for place, email in places.items()})
    work_off(world)
    assert list(asked) == visitors
    waits = [came_at(world, email) - asked[email] for email in visitors]
    assert max(waits) <= 2 * timedelta(seconds=LOOK_SECONDS) + timedelta(seconds=0.1) < PROMISED
    lessons = [occasion for _, occasion, _ in world.provider.taken if occasion == "lesson 1"]
    assert len(lessons) == len(set(world.provider.taken)) - len(visitors) == 2 * LESSONS, "none lost, none twice"


def test_a_batch_that_has_given_way_goes_on_before_all_other_lessons(world: ScriptedWorld) -> None:
    enrol(world.runtime, 2 * LESSONS)
    planning_step(world.runtime)
    slowly(world, 2 * LESSONS, {20: lambda: sign_up(world, "visitor@example.net")})
    work_off(world)
    with world.runtime.db.read() as session:
        batch_of = dict(session.execute(select(Delivery.attempt_id, Delivery.batch)).all())
    order = [batch_of[attempt] for _, occasion, attempt in world.provider.taken if occasion == "lesson 1"]
    assert len(set(order[:LESSONS])) == len(set(order[LESSONS:])) == 1


def test_without_anybody_at_a_screen_a_batch_goes_through_at_once(world: ScriptedWorld) -> None:
    enrol(world.runtime, LESSONS)
    planning_step(world.runtime)
    slowly(world, LESSONS, {})
    work_off(world)
    with world.runtime.db.read() as session:
        assert len(set(session.scalars(select(Delivery.owner)))) == 1, "one claim"


@pytest.mark.parametrize("waiting", [MOST_IN_A_ROW // 2, 5 * MOST_IN_A_ROW])
def test_a_lesson_has_its_turn_however_many_wait_at_screens(world: ScriptedWorld, waiting: int) -> None:
    enrol(world.runtime, 1)
    planning_step(world.runtime)
    world.runtime.queue.hurry([f"{AT_A_SCREEN}{number:031}" for number in range(waiting)])
    stop, left = threading.Event(), list[int]()

    def look() -> None:
        left.append(names(world, AWAITED_QUEUE))
        stop.set()

    world.provider.meanwhile = [look]
    jobs.use(world.runtime)
    open_worker(world.runtime.settings.redis_url or "", stop).work(logging_level="WARNING")
    assert left == [max(0, waiting - MOST_IN_A_ROW)]


def names(world: ScriptedWorld, queue: str) -> int:
    return Queue(queue, world.runtime.queue.redis, serializer=JSONSerializer).count


def test_what_somebody_waits_for_has_a_queue_of_its_own(world: ScriptedWorld) -> None:
    sign_up(world, "visitor@example.net")
    assert (names(world, AWAITED_QUEUE), names(world, QUEUE)) == (1, 0)
    for ask in (world.runtime.queue.sign_in, world.runtime.queue.lost_link):
        assert ask("text")
    assert (names(world, AWAITED_QUEUE), names(world, QUEUE)) == (3, 0)
    assert world.runtime.queue.probe()
    world.admit("ada@example.org")
    planning_step(world.runtime)
    assert (names(world, AWAITED_QUEUE), names(world, QUEUE)) == (3, 3), "a probe, a welcome, a lesson"


def test_after_redis_was_emptied_a_confirmation_is_asked_for_in_its_own_queue_again(world: ScriptedWorld) -> None:
    sign_up(world, "visitor@example.net")
    world.runtime.queue.redis.flushall()
    planning_step(world.runtime)
    assert (names(world, AWAITED_QUEUE), names(world, QUEUE)) == (1, 0)


def test_the_confirmations_of_an_import_go_before_nobody(world: ScriptedWorld) -> None:
    rows = [Row(2, Registration("learner@example.org", "", "UTC", 8, False), None)]
    with world.runtime.db.write() as session:
        published = world.runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
        take_in(session, published, rows, world.clock.times())
    with world.runtime.db.read() as session:
        assert not is_awaited(session.scalars(select(Delivery.batch)).one())
    assert (names(world, AWAITED_QUEUE), names(world, QUEUE)) == (0, 1)


def test_redis_is_asked_once_a_second(world: ScriptedWorld) -> None:
    screens = Screens(world.runtime, world.clock.steady())
    world.runtime.queue.redis.config_resetstat()
    for _ in range(100):
        world.clock.forward(seconds=LOOK_SECONDS / 10)
        assert not screens.wait()
    assert world.runtime.queue.redis.info("commandstats")["cmdstat_llen"]["calls"] == pytest.approx(10, abs=1)


def test_a_redis_that_is_away_is_asked_seldom(world: ScriptedWorld) -> None:
    with closing(MailQueue(f"redis://127.0.0.1:{free_port()}/0")) as away:
        screens = Screens(replace(world.runtime, queue=away), world.clock.steady())
        assert not screens.wait()
        assert screens.look_at == world.clock.steady() + AWAY_SECONDS
