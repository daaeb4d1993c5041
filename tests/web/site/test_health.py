"""What operators and their machines are told."""

from typing import Any

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from course.models import Delivery
from course.reports.ledger import STATES, accounts
from mailer.sending.plan import plan
from mailer.sending.record import hold, release
from tests.support.world.world import House


def ready(house: House) -> dict[str, Any]:
    answer = house.app.test_client().get("/readyz")
    assert answer.status_code == 200
    body = answer.get_json()
    assert isinstance(body, dict)
    return body


def metrics(house: House) -> dict[str, float]:
    """Every sample without labels, and the rest summed by name."""
    text = house.app.test_client().get("/metrics").get_data(as_text=True)
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_a_house_with_nothing_to_do_is_ready_and_not_late(house: House) -> None:
    body = ready(house)
    assert body["ready"] is True
    assert body["late_seconds"] == 0
    assert body["alarms"] == []


def test_a_lesson_that_nobody_sends_grows_late_and_raises_an_alarm(house: House) -> None:
    house.enrol()
    house.clock.forward(days=1, hours=3)
    assert 2 * 3600 - 600 <= ready(house)["late_seconds"] <= 2 * 3600
    plan(house.runtime)
    body = ready(house)
    assert body["queued"] == 1
    assert body["late_seconds"] > 3600
    assert any("late" in alarm for alarm in body["alarms"])
    assert metrics(house)["dayletter_late_seconds"] > 3600
    house.step()
    assert ready(house)["late_seconds"] == 0


def test_a_hold_is_told_and_nothing_leaves_until_it_is_released(house: House) -> None:
    house.enrol()
    with house.runtime.db.write() as session:
        hold(session, "we are moving house", house.clock.real())
    assert house.forward(days=1, hours=2) == 0
    assert "we are moving house" in " ".join(ready(house)["alarms"])
    assert metrics(house)["dayletter_hold"] == 1
    with house.runtime.db.write() as session:
        assert release(session) == "we are moving house"
    assert house.step() == 1


def test_the_account_adds_up_day_by_day(house: House) -> None:
    for name in ("ada", "eve", "ida"):
        house.enrol(f"{name}@example.org")
    house.forward(days=1, hours=2)
    with house.runtime.db.read() as session:
        days = accounts(session, house.clock.now().date().replace(day=1))
    assert [(day.due, day.states["accepted"], day.adds_up) for day in days] == [(3, 3, True), (3, 3, True)]


def test_an_account_that_does_not_add_up_raises_an_alarm(house: House) -> None:
    house.enrol()
    with house.runtime.db.write() as session:
        session.execute(update(Delivery).where(Delivery.kind == "lesson").values(state="lost"))
    assert "lost" not in STATES
    assert any("does not add up" in alarm for alarm in ready(house)["alarms"])
