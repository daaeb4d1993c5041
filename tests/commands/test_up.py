"""`dayletter up`: everything with one command, and nothing left behind, however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.support.servers.ports import free_port
from tests.support.world.site import LESSONS

DAYLETTER = str(Path(sys.executable).parent / "dayletter")


def settings(var_dir: Path, **more: str) -> dict[str, str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(var_dir), "PYTHONUNBUFFERED": "1"}
    return {**environment, "VAR_DIR": str(var_dir), "LESSONS_DIR": str(LESSONS), **more}


@contextmanager
def running(var_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """`up`, once it has said where everything is."""
    process = subprocess.Popen(
        [DAYLETTER, "up", "--port", str(port)], env=settings(var_dir), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            assert any("Ctrl-C" in line for line in process.stdout)
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def children(var_dir: Path) -> dict[int, str]:
    """Processes whose environment has this VAR_DIR, or whose command names it."""
    listed = subprocess.run(["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=True)
    lines = [
        line.split(None, 1) for line in listed.stdout.splitlines() if str(var_dir) in line and "ps axe" not in line
    ]
    return {int(pid): command for pid, command in lines if int(pid) != os.getpid()}


def wait_until(true: Callable[[], bool], within: float = 20.0) -> None:
    deadline = time.monotonic() + within
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_served(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_ctrl_c_ends_everything_well(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as up:
        assert len(children(tmp_path)) >= 5
    assert up.returncode == 0
    assert children(tmp_path) == {}


def test_nothing_outlives_a_killed_up(tmp_path: Path) -> None:
    with running(tmp_path, free_port()) as up:
        up.kill()
        up.wait()
        wait_until(lambda: children(tmp_path) == {})


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, port):
        for name in ("dayletter work", "dayletter clock", "granian", "valkey-server unixsocket", "redis-server"):
            old = {pid for pid, command in children(tmp_path).items() if name in command}
            for pid in old:
                os.kill(pid, signal.SIGKILL)

            def is_back(name: str = name, old: frozenset[int] = frozenset(old)) -> bool:
                return any(name in c and pid not in old for pid, c in children(tmp_path).items())

            if old:
                wait_until(is_back)
        wait_until(lambda: is_served(port))


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
    port = free_port()
    process = subprocess.Popen(
        [DAYLETTER, "up", "--port", str(port)],
        env=settings(tmp_path, LESSONS_DIR=str(lessons.parent)),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: is_served(port))
    process.send_signal(signal.SIGTERM)
    told = process.communicate()[1]
    assert process.returncode == 0
    assert "course.md:1: error DL102" in told
