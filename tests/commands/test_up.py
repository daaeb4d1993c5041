"""`dayletter up`: everything with one command, and nothing left behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Event
from urllib.request import urlopen

import pytest

from course.errors import DayletterError
from tests.support.servers.ports import free_port
from tests.support.up import DAYLETTER, children, running, settings
from tests.support.waiting import PATIENCE, wait_for
from web.commands import processes
from web.commands.processes import Child, Family

pytestmark = pytest.mark.server


def is_served(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_ctrl_c_ends_everything_well(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as up:
        assert len(children(tmp_path)) >= 5
        assert up.end() == 0
        assert children(tmp_path) == {}


def test_nothing_outlives_a_killed_up(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as up:
        up.end(signal.SIGKILL)
        wait_for(lambda: children(tmp_path) == {}, up.told)


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port) as up:
        for name in ("dayletter work", "dayletter clock", "granian", "valkey-server unixsocket", "redis-server"):
            old = {pid for pid, command in children(tmp_path).items() if name in command}
            for pid in old:
                os.kill(pid, signal.SIGKILL)

            def is_back(name: str = name, old: frozenset[int] = frozenset(old)) -> bool:
                return any(name in c and pid not in old for pid, c in children(tmp_path).items())

            if old:
                wait_for(is_back, up.told, hopeless=up.has_ended)
        wait_for(lambda: is_served(port), up.told, hopeless=up.has_ended)


def test_who_starts_slowly_is_waited_for_and_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(processes, "TOLD_AFTER_SECONDS", 0.0)
    answers = iter([False, False, False, True])
    sleeper = Child("the site", [sys.executable, "-c", "import time; time.sleep(3600)"], {})
    family = Family()
    try:
        family.add(sleeper)
        sleeper.wait_until(lambda: next(answers), Event(), "it died")
    finally:
        family.stop()
    assert capsys.readouterr().err.count("Still waiting for the site") == 1


def test_who_dies_while_starting_is_not_waited_for() -> None:
    family = Family()
    try:
        family.add(mayfly := Child("the site", [sys.executable, "-c", "exit(1)"], {}))
        with pytest.raises(DayletterError, match="its own words are above"):
            mayfly.wait_until(lambda: False, Event(), "its own words are above")
    finally:
        family.stop()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [DAYLETTER, "up", "--port", str(port)],
            env=settings(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert f"Port {port} is taken" in done.stderr
    assert f"make run PORT={port + 1}" in done.stderr


def test_all_wrong_settings_are_told_before_anything_starts(tmp_path: Path) -> None:
    wrong = {
        "MAIL_URL": "smtp://mail.example.org",
        "BASE_URL": "example.org",
        "CLOCK": "yesterday",
        "TRACKING": "x",
    }
    done = subprocess.run(
        [DAYLETTER, "up"], env=settings(tmp_path, **wrong), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    for name in ("BASE_URL", "CLOCK", "TRACKING", "MAIL_FROM", "POSTAL_ADDRESS"):
        assert f"{name}: " in done.stderr
    assert "Traceback" not in done.stderr
    assert children(tmp_path) == {}


def test_a_broken_draft_is_named_and_the_site_starts_all_the_same(tmp_path: Path) -> None:
    lessons = tmp_path / "lessons" / "broken"
    lessons.mkdir(parents=True)
    (lessons / "course.md").write_text("---\ntagline: no title\n---\n")
    with running(tmp_path, free_port(), LESSONS_DIR=str(lessons.parent)) as up:
        wait_for(lambda: is_served(up.port), up.told, hopeless=up.has_ended)
        assert up.end(signal.SIGTERM) == 0
        assert "course.md:1: error DL102" in up.told()
