"""One connection of HTTP/1: uvicorn's, which reads and writes it, with an end to each of our waits."""

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web.front import patience
from web.front.refusals import Refused
from web.front.room import Room, Wait

UNSENT = 64 * 1024
"""Bytes that the system keeps for a slow reader before it lets us wait; by itself it may keep some millions, and
then tell us of a reader's progress once in minutes."""

AT_ONCE = struct.pack("ii", 1, 0)
"""The system forgets what it has not sent yet; by itself it would go on trying for minutes."""


class Connection(HttpToolsProtocol):
    network = ""
    kept_by: Wait | None = None
    _is_let_in = _is_in_head = _is_leaving = False
    _unread = 0
    """Bytes since the last that were a body or ended a head: what the parser may have to keep."""

    @property
    def room(self) -> Room:
        room: Room = self.config.loaded_app.room
        return room

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        try:
            self.room.come(self, self.client[0] if self.client else "")
            self._is_let_in = True
        except Refused as refused:
            self._leave(refused)

    def connection_lost(self, exc: Exception | None) -> None:
        self.room.go(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_leaving or self.transport.is_closing():
            return
        self._unread += len(data)
        if self.room.is_between_requests(self):
            self.room.wait_for(self, self.room.heads)
        super().data_received(data)
        if self._unread > patience.MOST_HEAD and not self._is_leaving and not self.transport.is_closing():
            self._leave(Refused(431))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["is_gone"] = self.transport.is_closing

    def on_header(self, name: bytes, value: bytes) -> None:
        # What follows a chunked body looks the same to the parser, and no proxy has looked at it.
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._unread, self._is_in_head = 0, False
        # Who does not read the last answer may ask for another, and still keeps us waiting.
        if self.kept_by is self.room.heads:
            self.room.wait_for(self, None)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._unread = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        another_waits = bool(self.pipeline)
        super().on_response_complete()
        if self.transport.is_closing():
            self.room.wait_for(self, self.room.leaving)
        elif not another_waits and self.kept_by is not self.room.readers:
            self._wait_for_another()

    def _wait_for_another(self) -> None:
        if self._unread:
            self.room.wait_for(self, self.room.heads)
        else:
            self.room.is_idle(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        if not self._is_leaving and not self.transport.is_closing():
            with suppress(AttributeError):  # no such option in this system
                self._set(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
            self.room.wait_for(self, self.room.readers)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self.kept_by is self.room.readers:
            self.room.wait_for(self, None)
            if self.cycle.response_complete:
                self._wait_for_another()

    def too_long(self, wait: Wait) -> None:
        """Ends it, with a word to who has begun to ask."""
        if wait is self.room.heads:
            self._leave(Refused(408))
        elif self.room.is_between_requests(self):
            self.transport.close()
            self.room.wait_for(self, self.room.leaving)
        else:
            self._set(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self.transport.abort()

    def _set(self, level: int, option: int, value: int | bytes) -> None:
        with suppress(OSError):  # of a socket that has just gone, or is none of TCP
            self.transport.get_extra_info("socket").setsockopt(level, option, value)

    def send_400_response(self, msg: str) -> None:
        self._leave(Refused(400))

    def _unsupported_upgrade_warning(self) -> None:
        """We answer as if we had not been asked, and then close: what follows might be another language."""
        self.cycle.keep_alive = False

    def _leave(self, refused: Refused) -> None:
        """What is still said is not heard, but taken: refused by the system, it would cost our answer."""
        self._is_leaving = True
        self.transport.write(refused.as_bytes())
        if self._is_let_in and (self.cycle is None or self.cycle.response_complete):
            self.room.wait_for(self, self.room.leaving)
            self.transport.write_eof()
            self.loop.call_later(patience.LINGER, self.transport.close)
        else:
            self.transport.close()
