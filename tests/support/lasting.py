"""What is at work while a `with` block lasts: a server, a fleet of processes, somebody who keeps posting."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from types import TracebackType
from typing import Self

LOOK = 0.01
"""Seconds between two looks of a server whether it is to end; half a second, as usual, would be felt."""


class Lasting(ABC):
    """Subclasses say in one generator how their work begins and, after its `yield`, how it ends."""

    def __enter__(self) -> Self:
        self._lasts = contextmanager(self._at_work)()
        self._lasts.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lasts.__exit__(kind, error, trace)

    @abstractmethod
    def _at_work(self) -> Iterator[None]: ...


@contextmanager
def serving(server: BaseServer) -> Iterator[None]:
    """The server answers, in a thread of its own, until the block ends; then it is closed."""
    thread = threading.Thread(target=server.serve_forever, args=(LOOK,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
