"""Child processes that never outlive the tests, however the tests end."""

import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from tests.support.waiting import PATIENCE, wait_for

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

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """As long as the server lives. Raises AssertionError, with its own words, when it has ended."""
        try:
            wait_for(ready, self._told, hopeless=lambda: self._guard.poll() is not None)
        except AssertionError:
            self.stop()
            raise

    def stop(self) -> None:
        for pipe in (self._guard.stdin, self._guard.stdout):
            _pipe(pipe).close()
        try:
            self._guard.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._guard.pid, signal.SIGKILL)
            self._guard.wait()
            raise

    def _told(self) -> str:
        return f"the server did not start:\n{self._log.read_text(errors='replace')}"


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
