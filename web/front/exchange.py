"""One request and its answer, as an event loop passes them on."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import Any

from web.front import patience
from web.front.answer import Answer
from web.front.body import Receive
from web.front.environ import Scope, environ_of
from web.front.refusals import Headers, Refused

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
CLOSE = (b"connection", b"close")
WITHOUT_BODY = (204, 304)


class Exchange:
    """One request and its answer. `has_body` as long as something of it may still come."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.headers: Headers = list(scope["headers"])
        self.environ = environ_of(scope)
        self.environ["wsgi.input"] = BytesIO()
        self.receive = receive
        names = {name for name, _ in self.headers}
        self.has_body = b"transfer-encoding" in names or self.environ.get("CONTENT_LENGTH", "0") != "0"
        self._send = send
        self._is_gone: Callable[[], bool] = scope["is_gone"]
        self._has_begun = False

    async def refuse(self, refused: Refused) -> None:
        """Unless an answer has begun: then the connection ends in its midst."""
        if not self._has_begun:
            await self._begin(refused.status, refused.headers)
            await self._end(refused.body)

    async def tell(self, found: Answer, in_a_thread: Callable[..., Awaitable[Any]]) -> None:
        """Send an answer as fast as its reader takes it. A thread is asked for the next piece only then."""
        try:
            headers = found.headers + ([CLOSE] if self.has_body else [])
            if found.is_whole and found.status not in WITHOUT_BODY and self.environ["REQUEST_METHOD"] != "HEAD":
                headers = [*(pair for pair in headers if pair[0] != b"content-length"), _length(found.first)]
            await self._begin(found.status, headers)
            if found.is_whole:
                await self._end(found.first)
                return
            piece = found.first
            while piece and not self._is_gone():
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
                piece = await in_a_thread(found.next_piece)
            await self._end(b"")
        finally:
            found.close()

    async def _begin(self, status: int, headers: Headers) -> None:
        self._has_begun = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _end(self, body: bytes) -> None:
        if self.has_body:
            # Closed at once, the connection would lose our answer under what still comes.
            await self._send({"type": "http.response.body", "body": body, "more_body": True})
            await self._throw_away_the_rest()
            body = b""
        await self._send({"type": "http.response.body", "body": body, "more_body": False})

    async def _throw_away_the_rest(self) -> None:
        try:
            async with asyncio.timeout(patience.LINGER):
                while (await self.receive()).get("more_body"):
                    pass
        except TimeoutError:
            return


def _length(body: bytes) -> tuple[bytes, bytes]:
    return b"content-length", str(len(body)).encode()
