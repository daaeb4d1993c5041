"""Real processes in 30 ms: one parent has everything imported and forks a worker, a clock process or a site.

Started the ordinary way each would import for half a second, and a test that kills three a second would only
ever see imports.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.lasting import Lasting
from tests.support.project import ROOT
from tests.support.world.wall_clock import WallClock

Mutation = Callable[[pytest.MonkeyPatch], None]
"""A function of a module, so that any process can find it by its name."""


class Nursery(Lasting):
    """Its children are killed when the test closes it, and when the test dies in whatever way."""

    def _at_work(self) -> Iterator[None]:
        # Whoever reads this pipe's end learns of our death, also of a kill -9.
        self._life, ours = os.pipe()[::-1]
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.servers.nursery_parent", str(ours)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=[ours],
            cwd=ROOT,
            text=True,
            start_new_session=True,
        )
        os.close(ours)
        try:
            yield
        finally:
            os.close(self._life)
            self._parent.communicate()

    def start(
        self,
        role: str,
        environment: Mapping[str, str],
        log: Path,
        *arguments: str,
        wall: WallClock | None = None,
        without: Mutation | None = None,
    ) -> int:
        """`worker`, `clock` or `web PORT`; the process's id. It lives by `wall`, else by this machine's clock.

        `without`: what it is to do to its own modules before it begins.
        """
        order = {"role": role, "environment": dict(environment), "log": str(log), "arguments": arguments}
        order["wall_clock"] = str(wall.file) if wall else ""
        order["without"] = f"{without.__module__}:{without.__name__}" if without else ""
        return int(self._ask(order))

    def end(self, pid: int, number: signal.Signals = signal.SIGKILL) -> None:
        """Sends a signal and waits until the process is gone."""
        self._ask({"end": pid, "signal": int(number)})

    def _ask(self, order: Mapping[str, Any]) -> str:
        assert self._parent.stdin is not None and self._parent.stdout is not None
        self._parent.stdin.write(json.dumps(order) + "\n")
        self._parent.stdin.flush()
        answer = self._parent.stdout.readline().strip()
        assert answer, "the nursery has died"
        return answer
