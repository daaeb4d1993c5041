"""Pages beside 200 slow posts and 500 slow headers; and what the front costs, beside granian's WSGI."""

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.bench import Bench
from benchmarks.processes import python_process
from benchmarks.rows import Result, Sample, alternated, compared
from course.settings import PRIVATE_REDIS
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import answers_at, free_port
from tests.support.up import running, settings
from tests.support.waiting import PATIENCE

POSTS, HEADS = 200, 500
PATHS = {"landing page": "/courses/career-mobility", "healthz": "/healthz", "pixel": "/o/nobody.gif"}
CONNECTIONS = 8
MOST_TIMES = 3.0
LEAST_SHARE = 0.5
"""Of a server that reads and writes in compiled code, and whose threads wait for slow clients."""


def run(bench: Bench) -> list[Result]:
    folder, port = bench.folder(), free_port()
    with running(folder, port), _granian(folder) as theirs:
        return [*_beside_slow(bench, port), *_throughput(bench, port, theirs)]


def _beside_slow(bench: Bench, port: int) -> list[Result]:
    quiet: dict[str, list[float]] = {name: [] for name in PATHS}
    beside: dict[str, list[float]] = {name: [] for name in PATHS}
    looks = bench.size(60, 20)
    for _ in range(bench.rounds):
        for name, path in PATHS.items():
            quiet[name].append(_seconds(port, path, looks))
        with _slow(port):
            for name, path in PATHS.items():
                beside[name].append(_seconds(port, path, looks))
    return [
        compared(
            f"{name} beside {POSTS} slow posts and {HEADS} slow headers",
            "ms", _in_ms(beside[name]), "quiet", _in_ms(quiet[name]), "at most", MOST_TIMES,
        )
        for name in PATHS
    ]  # fmt: skip


def _throughput(bench: Bench, ours: int, theirs: int) -> list[Result]:
    requests = bench.size(6000, 2000)

    def rate(port: int) -> float:
        command = python_process(
            "benchmarks.quick_crowd", str(port), PATHS["pixel"], str(CONNECTIONS), str(requests)
        )
        return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    found = alternated(bench.rounds, partial(rate, ours), partial(rate, theirs))
    what = "pixel: answers of one process"
    return [compared(what, "/s", found[0], "granian's WSGI", found[1], "at least", LEAST_SHARE)]


@contextmanager
def _granian(folder: Path) -> Iterator[int]:
    """The same site behind granian's WSGI, as it was served before."""
    port = free_port()
    environment = {**settings(folder), "REDIS_URL": (folder / PRIVATE_REDIS).read_text().strip()}
    granian = [
        str(Path(sys.executable).parent / "granian"),
        "--interface",
        "wsgi",
        "--factory",
        "--port",
        str(port),
    ]
    granian += ["--blocking-threads", "4", "--log-level", "warning", "web.app:create_app"]
    own = ["env", "-i", *(f"{name}={value}" for name, value in environment.items())]
    process = GuardedProcess([*own, *granian], folder / "granian.log", stop_with="TERM")
    try:
        process.wait_until(lambda: answers_at(port))
        yield port
    finally:
        process.stop()


@contextmanager
def _slow(port: int) -> Iterator[None]:
    command = python_process("benchmarks.slow_crowd", str(port), str(POSTS), str(HEADS))
    with ExitStack() as stack:
        crowd = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        stack.callback(crowd.kill)
        assert crowd.stdout is not None
        assert crowd.stdout.readline() == "all are here\n"
        yield


def _seconds(port: int, path: str, looks: int) -> float:
    """The median of one person's looks, each on a connection of its own."""
    return median(_look(port, path) for _ in range(looks))


def _look(port: int, path: str) -> float:
    began = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
    return time.perf_counter() - began


def _in_ms(seconds: list[float]) -> Sample:
    return Sample(tuple(1000 * one for one in seconds))
