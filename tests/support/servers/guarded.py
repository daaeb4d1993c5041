"""Child processes that never outlive the tests, however the tests end."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

# The server runs beside a reader of a pipe whose other end only we hold. When we close it, or die by any
# signal, the reader sees the end of the pipe and stops the server. A plain child would live on after kill -9.
_GUARD = """
signal=$1; shift
exec 3<&0
"$@" >&2 </dev/null 3<&- & server=$!
echo "$server"
exec >&-
(read -r _ <&3; kill -s "$signal" "$server") 2>/dev/null & watcher=$!
exec 3<&-
wait "$server"; code=$?
kill "$watcher" 2>/dev/null
exit "$code"
"""
_POLL = 0.02


class GuardedProcess:
    def __init__(self, command: Sequence[str], log: Path, *, stop_with: str, user: str | None = None) -> None:
        with log.open("ab") as output:
            self._guard: subprocess.Popen[str] = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "guard", stop_with, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
                user=user,
                # The groups of root would stay otherwise, and PostgreSQL looks at them.
                extra_groups=None if user is None else [],
                # Ctrl-C in the terminal ends the tests, and they end their servers in their own order.
                start_new_session=True,
            )
        self._log = log
        self.pid = int(_pipe(self._guard.stdout).readline())

    def wait_until(self, ready: Callable[[], bool], within: float = 20.0) -> None:
        """Asks `ready` every 20 ms; a server that ended or is late is reported with its own words."""
        deadline = time.monotonic() + within
        while not ready():
            if self._guard.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the server did not start:\n{self._log.read_text(errors='replace')}")
            time.sleep(_POLL)

    def stop(self) -> None:
        for pipe in (self._guard.stdin, self._guard.stdout):
            _pipe(pipe).close()
        self._guard.wait(timeout=30)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
