"""The process that forks: see nursery.py. Reads orders from its standard input, a line of JSON each."""

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

import worker
from mailer.runtime import build
from mailer.settings import load
from tests.support.world.wall_clock import WallClock, live_by
from web.app import create_app


def work(_arguments: Sequence[str]) -> None:
    worker.take_batches(build(load()))


def tick(_arguments: Sequence[str]) -> None:
    worker.tick(build(load()))


def serve(arguments: Sequence[str]) -> None:
    make_server(
        "127.0.0.1", int(arguments[0]), create_app(), threaded=True, request_handler=_Quiet
    ).serve_forever()


ROLES: Mapping[str, Callable[[Sequence[str]], None]] = {"worker": work, "clock": tick, "web": serve}


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Each request a line would be the log's only content."""


def main() -> None:
    life = int(sys.argv[1])
    children: set[int] = set()
    threading.Thread(target=_die_with, args=(life, children), daemon=True).start()
    for line in sys.stdin:
        order = json.loads(line)
        if "end" in order:
            answer = _end(order["end"], order["signal"], children)
        else:
            answer = _fork(order, life)
            children.add(answer)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    threading.Event().wait()


def _end(pid: int, number: int, children: set[int]) -> int:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)
    children.discard(pid)
    return pid


def _die_with(life: int, children: set[int]) -> None:
    os.read(life, 1)
    for child in list(children):
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    os._exit(0)


def _take_out(safeguard: str) -> None:
    """The product has no switch for this either."""
    module, _, name = safeguard.partition(":")
    getattr(import_module(module), name)(pytest.MonkeyPatch())


def _fork(order: Mapping[str, Any], life: int) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os.setsid()
        threading.Thread(target=_die_with, args=(life, set()), daemon=True).start()
        log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, target in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
            os.dup2(descriptor, target)
        os.environ.clear()
        os.environ.update(order["environment"])
        Path(os.environ["VAR_DIR"]).mkdir(parents=True, exist_ok=True)
        logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(name)s: %(message)s")
        if order["without"]:
            _take_out(order["without"])
        if order["wall_clock"]:
            live_by(WallClock(Path(order["wall_clock"])))
        ROLES[order["role"]](order["arguments"])
    except Exception:
        logging.exception("%s ends", order["role"])
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
