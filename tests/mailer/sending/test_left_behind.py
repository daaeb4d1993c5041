"""What a dead worker, or a journal, has left behind is taken up; what cannot be stops nobody else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from course.models import Delivery
from mailer.sending import journal, sweep
from mailer.sending.plan import planning_step
from tests.mailer.sending.test_isolation import NAMES, ON_SQLITE, alarms, aside
from tests.support.world.world import World


def left_behind(world: World, *lines: str) -> None:
    """A claim of a lesson whose worker has died, with these lines in its journal; `#` stands for its attempt."""
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    claim = "0123456789abcdef"
    with world.runtime.db.write() as session:
        row = session.scalars(select(Delivery).where(Delivery.state == "queued")).one()
        row.state, row.owner, row.attempt_id = "sending", f"{world.runtime.node}:{claim}", claim + row.id[:16]
        row.lease_until = world.clock.real() - timedelta(seconds=1)
        attempt = row.attempt_id
    world.runtime.journals.mkdir(exist_ok=True)
    text = "\n".join([journal.boot_id(), *lines, ""]).replace("#", attempt)
    (world.runtime.journals / claim).write_bytes(text.encode("latin-1"))


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ((">#",), "uncertain"),
        ((), "queued"),
        (("\xff\xfe\x00",), "uncertain"),
        ((">#", '{"attempt": "#", "outcome": "acc'), "uncertain"),
        ((">#", '{"attempt": "#", "outcome": "lost"}'), "uncertain"),
        ((">#", '{"unheard": "of"}', "+#"), "accepted"),
        ((">#+#",), "uncertain"),
    ],
)
@ON_SQLITE
def test_an_unreadable_line_of_a_journal_makes_doubt_and_no_stop(
    world: World, lines: tuple[str, ...], state: str
) -> None:
    world.enrol()
    left_behind(world, *lines)
    sweep._take_up(world.runtime, f"{world.runtime.node}:0123456789abcdef", world.clock.real())
    with world.runtime.db.read() as session:
        taken = session.scalars(select(Delivery).where(Delivery.slug == "dough-2")).one()
    assert taken.state == state
    assert list(world.runtime.journals.glob("*")) == [], "a claim that was taken up leaves no file"


def test_a_claim_that_cannot_be_taken_up_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.enrol("bea@example.org")
    left_behind(world, ">#", json.dumps({"attempt": "#", "outcome": "accepted"}))
    taken = journal.take_up

    def fail_once(*given: Any) -> Any:
        monkeypatch.setattr(journal, "take_up", taken)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(journal, "take_up", fail_once)
    planning_step(world.runtime)
    assert aside(world) == [("claim", 1)]
    assert "1 of kind claim (PermissionError" in alarms(world)
    world.clock.forward(minutes=1)
    planning_step(world.runtime)
    assert aside(world) == []
    with world.runtime.db.read() as session:
        states = session.scalars(select(Delivery.state).where(Delivery.slug == "dough-2"))
        assert list(states) == ["accepted"]


@ON_SQLITE
def test_a_mail_that_cannot_be_looked_up_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        world.enrol(name)
    with world.runtime.db.write() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.slug == "dough-1")
            .values(state="uncertain", uncertain_at=world.clock.real())
        )
        bad = session.scalars(select(Delivery.id).where(Delivery.state == "uncertain")).first()

    def has(delivery: str) -> bool:
        if delivery == bad:
            raise OSError(5, "Input/output error")
        return True

    monkeypatch.setattr(world.runtime.provider, "has", has)
    planning_step(world.runtime)
    with world.runtime.db.read() as session:
        assert list(session.scalars(select(Delivery.id).where(Delivery.state == "uncertain"))) == [bad]
    assert aside(world) == [("delivery", 1)]
