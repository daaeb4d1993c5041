"""The application behind its front, for a server of ASGI: it sees whole requests only, and waits for no reader."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from io import RawIOBase

from werkzeug.exceptions import RequestEntityTooLarge

from course.traces import traced
from web.app import MAX_FORM_BYTES
from web.front import patience
from web.front.answer import Application, answer
from web.front.body import Gone, Receive, read_body
from web.front.environ import Environ, Scope
from web.front.exchange import Exchange, Send
from web.front.lanes import Lane
from web.front.refusals import Refused
from web.front.room import Room
from web.request import STUDIO_PATH
from web.site import hooks
from web.studio.access import guard

log = logging.getLogger(__name__)

BETWEEN = len(": \r\n")
PAGE_THREADS = 6
"""Python works on one page at a time; the others wait for the database."""

STUDIO_THREADS = 3


class Site:
    """`room` is where its connections are; `may_upload` whether a request's sender may bring films."""

    def __init__(self, application: Application, room: Room, may_upload: Callable[[Environ], bool]) -> None:
        self.room = room
        self._application, self._may_upload = application, may_upload
        self._pages, self._pieces = Lane("pages", PAGE_THREADS), Lane("pieces", 2)
        self._marks, self._alive = Lane("marks", 2), Lane("alive", 1)
        self._studio = Lane("studio", STUDIO_THREADS)
        # What mails and watchmen ask for has threads that no page can take; and authors, whose drafts may take
        # seconds to read, take none of the learners'.
        self._lanes = (
            ("/healthz", self._alive), ("/readyz", self._marks), ("/o/", self._marks), ("/c/", self._marks),
            (STUDIO_PATH, self._studio),
        )  # fmt: skip

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        exchange = Exchange(scope, receive, send)
        try:
            await self._serve(exchange)
        except Refused as refused:
            await exchange.refuse(refused)
        except Gone:
            return
        except asyncio.CancelledError:  # this process ends, and has waited for long enough
            exchange.has_body = False
            await exchange.refuse(Refused(503))
        except Exception as problem:
            # The application answers for its own errors: this is one of ours.
            log.error("A request failed\n%s", traced(problem))
            await exchange.refuse(Refused(500))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        looking = asyncio.create_task(self.room.look_after())
        for lane in (self._pages, self._pieces, self._marks, self._alive, self._studio):
            lane.begin()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        looking.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _serve(self, exchange: Exchange) -> None:
        environ = exchange.environ
        if sum(len(name) + len(value) + BETWEEN for name, value in exchange.headers) > patience.MOST_HEAD:
            raise Refused(431)
        asks = self.room.client(
            environ["REMOTE_ADDR"], environ.get("HTTP_X_FORWARDED_FOR"), environ.get("HTTP_FORWARDED")
        )
        with ExitStack() as stack:
            stack.enter_context(self.room.request(asks))
            if exchange.has_body:
                await self._read(exchange, asks, stack)
            found = await self._lane_of(environ["PATH_INFO"]).run(asks, answer, self._application, environ)
            await exchange.tell(found, partial(self._pieces.run, asks))

    def _lane_of(self, path: str) -> Lane:
        return next((lane for prefix, lane in self._lanes if path.startswith(prefix)), self._pages)

    async def _read(self, exchange: Exchange, asks: str, stack: ExitStack) -> None:
        """Its body into its environment. One that is too long stays unread; whoever wants to read it is told."""
        environ = exchange.environ
        declared = int(environ.get("CONTENT_LENGTH") or 0)
        most = await self._most(environ, asks, declared)
        if declared <= most:
            with self.room.body(asks):
                body = await read_body(exchange.receive, most, self.room.held)
            stack.callback(self.room.held.give_back, body.length)
            stack.callback(body.file.close)
            environ["wsgi.input"], environ["CONTENT_LENGTH"] = body.file, str(body.length)
            if not body.is_cut:
                exchange.has_body = False
                return
        environ["wsgi.input"] = _TooLong()

    async def _most(self, environ: Environ, asks: str, declared: int) -> int:
        """How many bytes this request may bring: at least what the application takes here."""
        path: str = environ["PATH_INFO"]
        if path.startswith("/hooks/"):
            return hooks.MAX_BYTES
        if not path.startswith(f"{STUDIO_PATH}/"):
            return MAX_FORM_BYTES
        if "CONTENT_LENGTH" in environ and declared <= guard.MAX_TEXT_FORM_BYTES:
            return guard.MAX_TEXT_FORM_BYTES
        # A film: no stranger may fill the disk with one.
        may_upload = await self._studio.run(asks, self._may_upload, environ)
        return guard.MAX_UPLOAD_BYTES if may_upload else guard.MAX_TEXT_FORM_BYTES


class _TooLong(RawIOBase):
    """A body that the application does not get to see."""

    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise RequestEntityTooLarge
