"""What an author's text asks of the machine, in a process of its own, within limits.

A text can be made that takes minutes to read, or all the memory there is. Here it ends its own process, and
nothing else: the threads that serve readers go on, and the author is told.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar, cast

from course.settings import environment

P = ParamSpec("P")
T = TypeVar("T")

MOST_SECONDS = 10
"""Of the processor's time. A course of sixty lessons takes one."""
MOST_BYTES = 1 << 30
PATIENCE_SECONDS = 120
"""A real wait: on a busy machine the processor's time passes slowly."""

SERVE = "from web.studio.writing.apart_worker import serve; import sys; serve(*sys.argv[1:])"


class TooMuch(Exception):
    """A deed took more time or memory than it may."""


class Apart:
    """A process that does pure deeds, one after the other. It begins at the first, and ends with this one."""

    def __init__(self, most_seconds: float = MOST_SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._limits = (str(most_seconds), str(most_bytes))
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None

    def do(self, deed: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the deed returns. Raises TooMuch, and whatever the deed raises.

        Deed, arguments and result travel as pickles. It waits until the deeds before it are done.
        """
        with self._one_at_a_time:
            line = self._line or self._begin()
            try:
                line.send((deed, args, kwargs))
                if not line.poll(PATIENCE_SECONDS):
                    raise TimeoutError
                done, result = line.recv()
            except (EOFError, OSError) as problem:
                self.end()
                raise TooMuch from problem
        if done:
            return cast("T", result)
        if isinstance(result, MemoryError):
            raise TooMuch
        raise result

    def _begin(self) -> Connection:
        ours, theirs = socket.socketpair()
        line = Connection(ours.detach())
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [sys.executable, "-c", SERVE, str(theirs.fileno()), *self._limits],
                pass_fds=[theirs.fileno()],
                env={**environment(), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        self._line = line
        return line

    def end(self) -> None:
        """End the process, whatever it does just now; the next deed begins another."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None


apart = Apart()
"""Of this process of ours. Nothing begins before the first deed."""
