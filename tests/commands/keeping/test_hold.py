"""`dayletter hold` and `release`: what an operator asked for is told once, and an earlier reason stays."""

import pytest

from tests.support.world.command_line import Run, command_line
from tests.support.world.world import World


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here turns on the kind of database."""
    return sqlite_url


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    return command_line(world, monkeypatch)


def test_a_hold_is_told_once(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    said = run("hold", "--why", "we are moving world").output
    assert said == "Sending is on hold: we are moving world\n`dayletter release` lets it go on.\n"
    assert not caplog.records


def test_a_hold_without_a_reason_is_none(world: World, run: Run) -> None:
    assert "Say why" in str(run("hold", "--why", " ").exception)
    assert not world.rows()["hold"]


def test_the_reason_of_an_earlier_hold_stays_and_is_told(run: Run) -> None:
    run("hold", "--why", "we are moving world")
    assert "Sending is on hold: we are moving world" in run("hold").output
