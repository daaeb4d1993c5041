"""`dayletter allow`: mail goes to an address again at which it bounced; a complaint stays."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from course.models import Delivery
from course.staff.audit_log import newest_deeds
from mailer.sending.record import suppress
from tests.support.world.command_line import Run, command_line
from tests.support.world.world import World

EVE = "eve@example.org"


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    return command_line(world, monkeypatch)


def close(world: World, reason: str) -> None:
    """Eve's address, on the way of her second lesson, hours ago. Her hour is far from what the real clock shows,
    by which commands go."""
    world.enrol(EVE, zone="UTC", hour=str((datetime.now(UTC).hour + 12) % 24))
    with world.runtime.db.write() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.kind == "lesson")).one()
        suppress(session, delivery, reason, "550 5.1.1 no such user", world.clock.real())
    world.next_lesson(EVE)
    world.forward(hours=3)


def days(world: World) -> list[int | None]:
    return [mail.day for mail in world.mails("lesson")]


def test_what_was_stopped_goes_on_and_the_log_knows_why_and_no_address(world: World, run: Run) -> None:
    close(world, "bounced")
    assert days(world) == [1]
    said = run("allow", "Eve@Example.org", "--why", "the box was full").output
    assert "Mail goes to Eve@Example.org again" in said
    world.step()
    assert days(world) == [1]
    world.next_lesson(EVE)
    assert days(world) == [1, 2]
    assert world.rows()["suppression"] == []
    with world.runtime.db.read() as session:
        deed, _ = newest_deeds(session, 1)[0]
    assert (deed.what, deed.who) == ("allowed mail to an address", "the command line")
    assert deed.details == {"why": "the box was full", "closed_because": "bounced"}


def test_a_complaint_stays_until_its_reader_confirms_anew(world: World, run: Run) -> None:
    close(world, "complained")
    before = world.rows()
    refused = run("allow", EVE, "--why", "they told me on the phone")
    assert "Only they can change that" in str(refused.exception)
    assert world.rows() == before
    world.register(EVE)
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    world.step()
    assert world.rows()["suppression"] == []
    assert days(world) == [1]
    world.next_lesson(EVE)
    assert days(world) == [1, 2]


def test_an_address_that_is_open_and_a_reason_that_is_none_change_nothing(world: World, run: Run) -> None:
    close(world, "bounced")
    assert "is not stopped" in str(run("allow", "ada@example.org").exception)
    assert "Say why" in str(run("allow", EVE, "--why", " ").exception)
    assert len(world.rows()["suppression"]) == 1
