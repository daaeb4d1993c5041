"""SMTP servers that take everything and count it, each in a process of its own."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.processes import listens, python_process
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import free_port

COUNTER = re.compile(rb"mesg=(\d+)")
TAIL_BYTES = 200


@dataclass(frozen=True, slots=True)
class Sink:
    """`received` asks the server, not the sender."""

    name: str
    port: int
    received: Callable[[], int]

    def url(self, connections: int) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none&connections={connections}"


@contextmanager
def smtp_sink(bench: Bench, a_mail: float = 0.0) -> Iterator[Sink]:
    """postfix's `smtp-sink`, or one in Python where that is not to be had, or where `a_mail` is to take some
    seconds."""
    folder, port = bench.folder(), free_port()
    log = folder / "smtp-sink.log"
    if bench.postfix is not None and not a_mail:
        name, command = "smtp-sink", [*bench.postfix.sink, *_user(), "-c", f"127.0.0.1:{port}", "1000"]
    else:
        name, command = "a sink in Python", python_process("benchmarks.python_sink", str(port), str(a_mail))
    process = GuardedProcess(command, log, stop_with="TERM")
    try:
        process.wait_until(lambda: listens(port))
        yield Sink(name, port, lambda: last_count(log))
    finally:
        process.stop()


def last_count(log: Path) -> int:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - TAIL_BYTES))
        found = COUNTER.findall(file.read())
    return int(found[-1]) if found else 0


def _user() -> list[str]:
    """As root it wants to be told whom to run as."""
    return [] if os.geteuid() else ["-u", "nobody"]
