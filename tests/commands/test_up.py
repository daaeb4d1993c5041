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
from tests.support.project import ROOT
from tests.support.servers.ports import free_port
from tests.support.up import DAYLETTER, children, running, settings
from tests.support.waiting import PATIENCE, wait_for
from web.commands import processes
from web.commands.only_one import alone_in
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
        for name in (
            "dayletter work",
            "dayletter clock",
            "dayletter serve",
            "valkey-server unixsocket",
            "redis-server",
        ):
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


ENDINGS = {
    "without a word": ("exit(1)", "It ended with exit code 1 without a word."),
    "with words": ("print('to the one'); exit('to the other')", "It ended with exit code 1. Its last words:"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "It ended by SIGKILL without a word."),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_dies_while_starting_is_not_waited_for_and_its_last_words_are_told(
    ending: str, capfd: pytest.CaptureFixture[str]
) -> None:
    script, told = ENDINGS[ending]
    family = Family()
    try:
        family.add(mayfly := Child("the site", [sys.executable, "-c", script], {}))
        with pytest.raises(DayletterError) as raised:
            mayfly.wait_until(lambda: False, Event(), "The site did not start.")
    finally:
        family.stop()
    assert str(raised.value).startswith(f"The site did not start. {told}")
    if ending == "with words":
        assert "\n  to the one" in str(raised.value)
        assert "\n  to the other" in str(raised.value)
        # They were passed on as they came, too.
        assert capfd.readouterr() == ("to the one\n", "to the other\n")


def test_of_one_that_says_much_the_end_is_told() -> None:
    family = Family()
    try:
        script = "for number in range(100): print(number)\nexit(3)"
        family.add(mayfly := Child("the site", [sys.executable, "-c", script], {}))
        with pytest.raises(DayletterError) as raised:
            mayfly.wait_until(lambda: False, Event(), "The site did not start.")
    finally:
        family.stop()
    assert str(raised.value).splitlines()[1:] == [f"  {number}" for number in range(100)][-processes.LAST_LINES :]


def look_after(family: Family, deaths: int) -> None:
    """Until so many have been seen."""
    seen: list[str] = []

    def enough() -> bool:
        seen.extend(family.look_after())
        return len(seen) >= deaths

    wait_for(enough)


def test_who_dies_three_times_in_a_row_stops_everything_with_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SOONEST_AGAIN_SECONDS", 0.0)
    family = Family()
    try:
        family.add(Child("the worker", [sys.executable, "-c", "exit('no such file')"], {}))
        look_after(family, 2)
        with pytest.raises(DayletterError) as raised:
            look_after(family, 1)
    finally:
        family.stop()
    assert str(raised.value) == (
        "Everything was stopped, since the worker died three times in a row and would again."
        " It ended with exit code 1. Its last words:\n  no such file"
    )


def test_who_dies_after_a_good_while_is_started_again_however_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SOONEST_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr(processes, "WELL_SECONDS", 0.0)
    family = Family()
    try:
        family.add(Child("the worker", [sys.executable, "-c", ""], {}))
        look_after(family, 5)
    finally:
        family.stop()


def test_a_second_up_in_the_same_folder_is_refused_and_takes_nothing_away(tmp_path: Path) -> None:
    port, another = free_port(), free_port()
    with running(tmp_path, port) as up:
        found = sorted(file.name for file in tmp_path.iterdir())
        done = subprocess.run(
            [DAYLETTER, "up", "--port", str(another)],
            env=settings(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("`dayletter up` runs already in ")
        assert f"VAR_DIR={tmp_path} (process {up.process.pid})" in done.stderr
        assert len(done.stderr.splitlines()) == 1
        assert set(found) <= {file.name for file in tmp_path.iterdir()}
        assert is_served(port)


def test_a_folder_is_free_again_once_who_was_in_it_has_been_killed(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time; from web.commands.only_one import alone_in\n"
        "with alone_in(pathlib.Path(sys.argv[1])): print('in', flush=True); time.sleep(3600)"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "in\n"
            with pytest.raises(DayletterError, match=f"process {first.pid}"), alone_in(tmp_path):
                pass
        finally:
            first.kill()
    with alone_in(tmp_path):
        pass


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
