"""Sites as `dayletter up` and the Procfile start them: everybody is answered beside hundreds of slow clients."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from course.settings import PRIVATE_REDIS
from tests.support.front.talk import ask, connected, get, hear, request_of
from tests.support.project import ROOT
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port
from tests.support.up import running, settings
from tests.support.waiting import wait_for
from web.front.refusals import SENTENCES

pytestmark = pytest.mark.server

COURSE = "/courses/career-mobility"
FORM = ("Content-Type: application/x-www-form-urlencoded", "Content-Length: 50000")
SLOW_POSTS, SLOW_HEADS = 60, 120
WORKERS = 2


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    (line,) = re.findall(r"^web: (.*)$", (ROOT / "Procfile").read_text(), flags=re.M)
    with running(folder, port) as up:
        redis = (folder / PRIVATE_REDIS).read_text().strip()
        platform = free_port()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "PORT": str(platform), "WEB_CONCURRENCY": str(WORKERS), "REDIS_URL": redis}
        environment = {**settings(folder), **own}
        told = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
        process = GuardedProcess([*told, "sh", "-c", f"exec {line}"], folder / "platform.log", stop_with="TERM")
        try:
            process.wait_until(lambda: answers_at(platform))
            yield {"up": up.port, "Procfile": platform, "pid": process.pid}
        finally:
            process.stop()


@pytest.fixture(params=["up", "Procfile"])
def port(ports: dict[str, int], request: pytest.FixtureRequest) -> int:
    return ports[request.param]


@contextmanager
def slow_clients(port: int) -> Iterator[None]:
    with ExitStack() as stack:
        for _ in range(SLOW_POSTS):
            slow = stack.enter_context(connected(port))
            slow.sendall(request_of("POST", f"{COURSE}/enrol", *FORM, body=b"e"))
        for _ in range(SLOW_HEADS):
            stack.enter_context(connected(port)).sendall(b"GET / HTTP/1.1\r\nX-Sl")
        yield


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/o/x.gif", 200), ("/c/x/y", 404), (COURSE, 200)]
)
def test_everybody_is_answered_beside_slow_clients(port: int, path: str, status: int) -> None:
    with slow_clients(port):
        assert [get(port, path).status for _ in range(4)] == [status] * 4


def test_a_person_can_register_beside_slow_clients(port: int) -> None:
    body = b"email=ada%40example.org&zone=UTC&hour=8"
    with slow_clients(port):
        told = ask(port, request_of("POST", f"{COURSE}/enrol", FORM[0], f"Content-Length: {len(body)}", body=body))
    assert told.status in (303, 429)


def test_a_slow_form_is_told_so_and_registers_nobody(ports: dict[str, int]) -> None:
    with connected(ports["up"]) as connection:
        connection.sendall(request_of("POST", f"{COURSE}/enrol", *FORM, body=b"email=slow%40example.org&zone="))
        told = hear(connection)
    assert (told.status, told.body.decode().strip()) == (408, SENTENCES[408])


def test_what_is_too_long_is_refused_by_a_page_of_the_site(port: int) -> None:
    for headers, body in (
        ((FORM[0], "Content-Length: 300000"), b"email="),
        ((FORM[0], "Content-Length: 30000000000"), b""),
        ((FORM[0], "Transfer-Encoding: chunked"), b"40000\r\n" + b"x" * 0x40000 + b"\r\n5\r\nxxxxx\r\n"),
    ):
        told = ask(port, request_of("POST", f"{COURSE}/enrol", *headers, body=body))
        assert (told.status, told.header("content-type")) == (413, "text/html; charset=utf-8")
        assert told.header("connection") == "close"


def test_no_stranger_can_fill_the_disk_with_films(port: int) -> None:
    headers = ("Content-Type: multipart/form-data; boundary=x", "Content-Length: 500000000")
    assert ask(port, request_of("POST", "/studio/courses/career-mobility/media", *headers)).status in (401, 413)


def workers_of(pid: int) -> set[int]:
    listed = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", "spawn_main"], capture_output=True, text=True, check=False
    )
    return set(map(int, listed.stdout.split()))


def test_processes_that_die_are_replaced(ports: dict[str, int]) -> None:
    before = workers_of(ports["pid"])
    assert len(before) == WORKERS
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(workers_of(ports["pid"]) - before) == WORKERS)
    wait_for(lambda: answers_at(ports["Procfile"]))
    assert get(ports["Procfile"], "/healthz").status == 200


def test_settings_that_are_wrong_are_told_in_words(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).parent / "dayletter"), "serve", "--port", str(free_port())]
    environment = settings(tmp_path, BASE_URL="nowhere", MAIL_URL="pigeon:")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BASE_URL" in done.stderr
    assert "MAIL_URL" in done.stderr
    assert "Traceback" not in done.stderr
