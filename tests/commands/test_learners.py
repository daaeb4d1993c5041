"""`dayletter enrol`, `export`, `erase`: one learner, from the command line."""

import json

import pytest

from tests.support.world.command_line import Run, command_line
from tests.support.world.world import World


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    return command_line(world, monkeypatch)


def test_who_is_enrolled_is_asked_by_mail_first(world: World, run: Run) -> None:
    fields = ("--name", "Ada", "--zone", "Europe/Berlin", "--hour", "7")
    result = run("enrol", "bread-at-home", "Ada@Example.org", *fields)
    assert result.exit_code == 0
    assert "when they press its button" in result.output
    world.step()
    assert [mail.kind for mail in world.mails()] == ["confirm"]
    enrolment = world.look_up()
    assert (enrolment.state, enrolment.zone, enrolment.hour) == ("pending", "Europe/Berlin", 7)


def test_who_is_confirmed_starts_at_once_with_the_welcome_mail(world: World, run: Run) -> None:
    result = run("enrol", "bread-at-home", "ada@example.org", "--confirmed")
    assert result.exit_code == 0
    world.step()
    assert sorted(mail.kind for mail in world.mails()) == ["lesson", "welcome"]
    assert "in the course already" in run("enrol", "bread-at-home", "ada@example.org", "--confirmed").output
    world.step()
    assert len(world.mails()) == 2


def test_no_operator_brings_back_who_has_left(world: World, run: Run) -> None:
    world.enrol()
    world.person.post(world.unsubscribe_url())
    before = world.rows()
    result = run("enrol", "bread-at-home", "ada@example.org", "--confirmed")
    assert "has left this course" in str(result.exception)
    assert world.rows() == before


def test_all_that_cannot_be_is_told_and_nothing_is_stored(world: World, run: Run) -> None:
    before = world.rows()
    result = run("enrol", "bread-at-home", "nobody", "--zone", "Mars", "--hour", "25", "--name", "A" * 100)
    for field in ("email", "zone", "hour", "name"):
        assert f"{field}: " in str(result.exception)
    assert ".;" not in str(result.exception)
    assert "not been published" in str(run("enrol", "none", "ada@example.org").exception)
    assert world.rows() == before


def test_export_prints_all_that_is_held(world: World, run: Run) -> None:
    world.enrol(name="Zoë")
    held = json.loads(run("export", "ADA@example.org").output)
    assert held["name"] == "Zoë"
    assert [course["state"] for course in held["courses"]] == ["active"]
    assert "Nothing is held on eve" in str(run("export", "eve@example.org").exception)


def test_erase_asks_and_then_erases(world: World, run: Run) -> None:
    world.enrol()
    assert run("erase", "ada@example.org", answer="n\n").exit_code == 1
    assert world.rows()["learner"]
    assert run("erase", "ada@example.org", answer="y\n").exit_code == 0
    assert not world.rows()["learner"]
    world.enrol()
    assert run("erase", "ada@example.org", "--yes").exit_code == 0
    assert not world.rows()["learner"]
    assert "Nothing is held" in str(run("erase", "ada@example.org", "--yes").exception)
