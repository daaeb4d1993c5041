"""What operators and their machines are told."""

from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from course.models import Delivery
from course.reports.ledger import MAIL_STATES, accounts
from mailer.sending.patience.hold import hold_sending, release_sending
from mailer.sending.plan import planning_step
from tests.support.world.world import World


def ready(world: World) -> dict[str, Any]:
    answer = world.app.test_client().get("/readyz")
    assert answer.status_code == 200
    body = answer.get_json()
    assert isinstance(body, dict)
    return body


def metrics(world: World) -> dict[str, float]:
    """Every sample without labels, and the rest summed by name."""
    text = world.app.test_client().get("/metrics").get_data(as_text=True)
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_a_house_with_nothing_to_do_is_ready_and_not_late(world: World) -> None:
    body = ready(world)
    assert body["ready"] is True
    assert body["late_seconds"] == 0
    assert body["alarms"] == []


def test_a_lesson_that_nobody_sends_grows_late_and_raises_an_alarm(world: World) -> None:
    world.enrol()
    world.clock.forward(days=1, hours=3)
    assert 2 * 3600 - 600 <= ready(world)["late_seconds"] <= 2 * 3600
    planning_step(world.runtime)
    body = ready(world)
    assert body["queued"] == 1
    assert body["late_seconds"] > 3600
    assert any("late" in alarm for alarm in body["alarms"])
    assert metrics(world)["dayletter_late_seconds"] > 3600
    world.step()
    assert ready(world)["late_seconds"] == 0


def test_a_hold_is_told_and_nothing_leaves_until_it_is_released(world: World) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        hold_sending(session, "we are moving world", world.clock.real())
    assert world.forward(days=1, hours=2) == 0
    assert "we are moving world" in " ".join(ready(world)["alarms"])
    assert metrics(world)["dayletter_hold"] == 1
    with world.runtime.db.write() as session:
        assert release_sending(session) == "we are moving world"
    assert world.step() == 1


def test_the_account_adds_up_day_by_day(world: World) -> None:
    for name in ("ada", "eve", "ida"):
        world.enrol(f"{name}@example.org")
    world.forward(days=1, hours=2)
    with world.runtime.db.read() as session:
        days = accounts(session, world.clock.now(), days=7)
    assert [(day.due, day.states["accepted"], day.adds_up) for day in days] == [(3, 3, True), (3, 3, True)]


def test_an_account_that_does_not_add_up_raises_an_alarm(world: World) -> None:
    world.enrol()
    with world.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.kind == "lesson").values(state="lost"))
    assert "lost" not in MAIL_STATES
    assert any("does not add up" in alarm for alarm in ready(world)["alarms"])
