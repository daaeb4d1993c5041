"""A WSGI application called in a thread; its answer taken piece by piece, as fast as its reader takes it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import Context
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from web.front.environ import Environ

PIECE = 128 * 1024
"""Bytes that are held for one reader at once, and read from a file in one go."""

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(slots=True)
class Answer:
    """`first` is the beginning of the body; `is_whole` if there is no more. Close it if it is not."""

    status: int
    headers: list[tuple[bytes, bytes]]
    first: bytes
    is_whole: bool
    _pieces: Iterator[bytes]
    _close: Callable[[], object] | None
    _context: Context
    _size: int

    def next_piece(self) -> bytes:
        """Return what follows, nothing at the end. For a thread, as the application may wait for something."""
        return self._context.run(_gather, self._pieces, self._size)[0]

    def close(self) -> None:
        if self._close is not None:
            close, self._close = self._close, None
            self._context.run(close)


def answer(application: Application, environ: Environ) -> Answer:
    """Call the application for a whole request. For a thread. Raises what it raises."""
    context = Context()  # of one request, whichever threads it is worked on in
    found = context.run(_answer, application, environ, context)
    if found.is_whole:
        found.close()
    return found


def _answer(application: Application, environ: Environ, context: Context) -> Answer:
    started: list[tuple[str, Sequence[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(
        status: str, headers: Sequence[tuple[str, str]], exc_info: Any = None
    ) -> Callable[..., None]:
        if started and exc_info is None:
            raise RuntimeError("The application has started its answer twice.")
        started[:] = [(status, headers)]
        return written.append

    iterable = application(environ, start_response)
    close = getattr(iterable, "close", None)
    try:
        pieces = iter(iterable)
        # With an application that starts its answer only when it is asked for the first piece.
        begun = () if started else tuple(islice(pieces, 1))
        status, headers = started[0]
        size = _ahead(headers, environ["SERVER_PROTOCOL"])
        first, is_whole = _gather(chain(written, begun, pieces), size)
    except BaseException:
        if close is not None:
            close()
        raise
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return Answer(int(status[:3]), encoded, first, is_whole, pieces, close, context, size)


def _ahead(headers: Sequence[tuple[str, str]], protocol: str) -> int:
    """How many bytes may be gathered before any are sent. An answer of a known length is there; another may be
    made while we wait, and each of its pieces is sent at once (PEP 3333). HTTP/1.0 has no way to send it so."""
    if any(name.lower() == "content-length" for name, _ in headers):
        return PIECE
    return 1 if protocol != "HTTP/1.0" else 2**63


def _gather(pieces: Iterator[bytes], size: int) -> tuple[bytes, bool]:
    """At least `size` bytes, or all; and whether that was all."""
    found: list[bytes] = []
    length = 0
    for piece in pieces:
        found.append(piece)
        length += len(piece)
        if length >= size:
            return b"".join(found), False
    return b"".join(found), True
