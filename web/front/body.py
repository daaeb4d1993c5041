"""The body of a request, read in the event loop to its end before any thread is asked to work on it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Any

from web.front.patience import MOST_BODY_BYTES, body_deadline
from web.front.refusals import Refused

IN_MEMORY = 64 * 1024
"""Bytes of one body; whatever is longer lies on disk until it is worked on."""

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Gone(Exception):
    """The client has gone away before it has said all."""


class Held:
    """Bytes of all bodies that are held just now."""

    def __init__(self) -> None:
        self.count = 0

    def take(self, more: int) -> None:
        if self.count + more > MOST_BODY_BYTES:
            raise Refused(503)
        self.count += more

    def give_back(self, count: int) -> None:
        self.count -= count


@dataclass(slots=True)
class Body:
    """`file` stands at its beginning. One that is longer than it may be `is_cut`, as soon as that is known."""

    file: IO[bytes]
    length: int
    is_cut: bool = False


async def read_body(receive: Receive, most: int, held: Held) -> Body:
    """Return a body; whoever reads it gives its length back to `held`.

    Raises Refused if it comes too slowly or there is no room for it, Gone if it will not come.
    """
    now = asyncio.get_running_loop().time
    began, length = now(), 0
    file: IO[bytes] = BytesIO()
    try:
        while True:
            try:
                async with asyncio.timeout_at(began + body_deadline(length)):
                    message = await receive()
            except TimeoutError:
                raise Refused(408) from None
            if message["type"] == "http.disconnect":
                raise Gone
            piece = message.get("body", b"")
            held.take(len(piece))
            length += len(piece)
            if length > most:
                return Body(file, length, is_cut=True)
            if length > IN_MEMORY and isinstance(file, BytesIO):
                file = _on_disk(file)
            file.write(piece)
            if not message.get("more_body", False):
                file.seek(0)
                return Body(file, length)
    except BaseException as problem:
        held.give_back(length)
        file.close()
        if isinstance(problem, OSError):  # the disk is full
            raise Refused(503) from problem
        raise


def _on_disk(begun: BytesIO) -> IO[bytes]:
    file = TemporaryFile(prefix="dayletter-body-")  # noqa: SIM115 - closed by who reads it
    file.write(begun.getvalue())
    return file
