"""What could not leave within its grace waits for the learner's next moment, and remembers what was tried."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from course.enrolment.enrolments import Participant, find_enrolment
from course.learning.completion import complete
from course.models import CourseRow
from course.reports.ledger import accounts
from mailer.sending.deliver import deliver_batch
from mailer.sending.patience.hold import hold_sending, release_sending
from tests.faults.scripted import ScriptedWorld
from tests.support.servers.redis_server import RedisServer

MORNING = datetime(2026, 3, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path, database_url: str, redis_server: RedisServer) -> Iterator[ScriptedWorld]:
    """A learner who lives by UTC had the first lesson yesterday, and it is half an hour before the second."""
    with closing(ScriptedWorld(tmp_path, database_url, redis_server.url)) as built:
        built.learners(1)
        built.work()
        built.clock.moments.append(MORNING.replace(hour=7, minute=30))
        yield built


def second(world: ScriptedWorld) -> Mapping[str, Any]:
    return next(row for row in world.rows()["delivery"] if row["occasion"] == "lesson:dough-2")


def at(world: ScriptedWorld, hour: int, minute: int = 0, day: int = 24) -> None:
    world.clock.moments.append(MORNING.replace(day=day, hour=hour, minute=minute))


def days_sent(world: ScriptedWorld) -> list[tuple[str, datetime]]:
    sent = zip(world.provider.taken, world.provider.moments, strict=True)
    return [(occasion, moment) for (_, occasion, _), moment in sent]


def hold(world: ScriptedWorld) -> None:
    with world.runtime.db.write() as session:
        hold_sending(session, "trying", world.clock.real())


def release(world: ScriptedWorld) -> None:
    with world.runtime.db.write() as session:
        release_sending(session)


def test_a_short_delay_does_not_cost_the_day(world: ScriptedWorld) -> None:
    at(world, 8, 15)
    world.plan()
    at(world, 9, 45)
    world.work()
    assert [occasion for occasion, _ in days_sent(world)] == ["lesson 1", "lesson 2"]


def test_a_lesson_whose_workers_were_away_comes_the_next_morning_in_its_own_row(world: ScriptedWorld) -> None:
    at(world, 8, 15)
    world.plan()
    before = second(world)
    assert before["state"] == "queued"
    at(world, 15)
    world.work()
    world.work()
    assert second(world)["state"] == "postponed"
    assert str(world.look_up("learner0@example.org").next_at).startswith("2026-03-25 08:")
    at(world, 7, day=25)
    world.work()
    assert len(days_sent(world)) == 1
    at(world, 8, 15, day=25)
    world.work()
    after = second(world)
    assert (after["id"], after["state"], after["local_on"].day) == (before["id"], "accepted", 25)
    at(world, 8, 15, day=26)
    world.work()
    assert [moment.day for _, moment in days_sent(world)] == [23, 25, 26]


def test_a_worker_takes_no_late_lesson_even_if_nobody_plans(world: ScriptedWorld) -> None:
    at(world, 8, 15)
    [batch] = world.plan()
    at(world, 15)
    assert deliver_batch(world.runtime, batch) == 0
    assert second(world)["state"] == "queued"


def test_a_lesson_held_for_hours_is_told_for_tomorrow_while_the_hold_lasts(world: ScriptedWorld) -> None:
    hold(world)
    at(world, 8, 15)
    world.work()
    at(world, 15)
    world.work()
    world.work()
    assert second(world)["state"] == "postponed"
    release(world)
    world.work()
    assert len(days_sent(world)) == 1
    at(world, 8, 15, day=25)
    world.work()
    assert [moment.day for _, moment in days_sent(world)] == [23, 25]


def test_what_was_refused_all_morning_is_tried_again_the_next_day_and_remembers_it(world: ScriptedWorld) -> None:
    world.provider.script = ["refuse"] * 40
    at(world, 8, 15)
    world.work()
    for minute in range(20, 200, 20):
        at(world, 8 + minute // 60, minute % 60)
        world.work()
    assert second(world)["state"] == "postponed"
    refusals = second(world)["refusals"]
    assert refusals > 1
    world.provider.script = []
    at(world, 8, 15, day=25)
    world.work()
    assert (second(world)["state"], second(world)["refusals"]) == ("accepted", refusals)


def test_a_reminder_that_waits_for_a_worker_is_taken_back_by_a_deed(world: ScriptedWorld) -> None:
    for day in range(24, 29):
        at(world, 8, 15, day=day)
        if day == 28:
            world.plan()
        else:
            world.work()
    [reminder] = [row for row in world.rows()["delivery"] if row["kind"] == "nudge"]
    assert reminder["state"] == "queued"
    with world.runtime.db.write() as session:
        found = find_enrolment(session, reminder["enrolment_id"], lock=True)
        published = world.runtime.shelf.course(session, found[0].course_id)
        complete(session, Participant(*found, published), "dough-1", world.clock.times())
    [reminder] = [row for row in world.rows()["delivery"] if row["kind"] == "nudge"]
    assert reminder["state"] == "postponed"
    at(world, 8, 45, day=28)
    world.work()
    assert [occasion for occasion, _ in days_sent(world)] == ["lesson 1", "lesson 2", "lesson 3"]


def test_the_account_adds_up_with_what_was_postponed(world: ScriptedWorld) -> None:
    at(world, 8, 15)
    world.plan()
    at(world, 15)
    world.work()
    with world.runtime.db.read() as session:
        assert session.scalars(select(CourseRow.slug)).one()
        days = accounts(session, world.clock.now(), 3)
    assert all(day.adds_up for day in days)
    assert sum(day.states["postponed"] for day in days) == 1
