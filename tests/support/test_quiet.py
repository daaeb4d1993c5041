"""A test that says nothing of servers can neither reach one nor start one; and it loads none."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import ROOT
from tests.support.rooms_of_fixtures import PROPERTIES, plugins_for


def test_a_socket_is_refused() -> None:
    with socket.socket() as ours, pytest.raises(pytest.fail.Exception, match=r"socket\.connect .*mark\.server"):
        ours.connect(("127.0.0.1", 9))


def test_a_process_is_refused() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"subprocess\.Popen"):
        subprocess.run([sys.executable, "-c", ""], check=True)


@pytest.mark.server
def test_who_says_so_may_start_one() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def test_what_asks_for_a_server_bears_the_mark(request: pytest.FixtureRequest) -> None:
    """In the run at hand, whichever tests it has."""
    ours = [item for item in request.session.items if isinstance(item, pytest.Function)]
    assert all(item.get_closest_marker("server") for item in ours if "redis_process" in item.fixturenames)


@pytest.mark.parametrize(
    ("source", "plugins"),
    [
        ("def test_this(tmp_path): ...", []),
        ("from hypothesis import given\ndef test_this(): ...", [PROPERTIES]),
        ("def test_this(smtp_sink): ...", ["tests.support.servers.fixtures"]),
        ("def test_this(database_url): ...", ["tests.support.servers.fixtures", "tests.support.world.fixtures"]),
        ("def test_this(browser_page): ...", ["tests.support.browser.fixtures"]),
    ],
)
def test_a_file_gets_the_rooms_it_asks_for_and_no_other(tmp_path: Path, source: str, plugins: list[str]) -> None:
    (tmp_path / "test_it.py").write_text(source)
    assert plugins_for(tmp_path / "test_it.py") == plugins


def test_a_file_gets_what_its_folders_fixtures_ask_for() -> None:
    """Here a fleet needs a database."""
    assert "tests.support.world.fixtures" in plugins_for(ROOT / "tests/faults/test_kills.py")
