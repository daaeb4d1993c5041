"""A server on loopback that behaves as Postcard does, on its good days and its bad ones."""

import json
import socket
import struct
import threading
from base64 import b64decode
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

from tests.mailer.providers.postcard.events import SEAL_HEADER, sealed

Fault = int | Literal["reset"]
"""A status instead of 201, and nothing is taken; or the mail is taken, and its reply is lost."""


class PostcardSink:
    """Give `url` and `key` to the program under test; `faults` are for its next requests."""

    key, seal = "card_key", "seal_0123456789abcdef"

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.references: list[str] = []
        self.faults: deque[Fault] = deque()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="postcard-sink")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @classmethod
    def news(
        cls, reference: str, what: str, when: datetime, seal: str = seal, **more: object
    ) -> tuple[bytes, dict[str, str]]:
        """Body and headers of a post that tells one thing."""
        entry = {"reference": reference, "what": what, "when": when.isoformat(), **more}
        return cls.signed(json.dumps({"news": [entry]}).encode(), seal)

    @classmethod
    def signed(cls, body: bytes, seal: str = seal) -> tuple[bytes, dict[str, str]]:
        return body, {SEAL_HEADER: f"t=1774591200,v1={sealed(seal, '1774591200', body)}"}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, sink: PostcardSink) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self._reply(200 if self.path == "/account" and self._known() else 401)

    def do_POST(self) -> None:
        card: Mapping[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._known():
            self._reply(401)
            return
        sink = self.server.sink
        fault = sink.faults.popleft() if sink.faults else 201
        if fault in (201, "reset"):
            sink.mails.append(b64decode(card["mime"]))
            sink.references.append(card["reference"])
        if fault == "reset":
            # No lingering: the client gets a reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        else:
            self._reply(fault)

    def _known(self) -> bool:
        return self.headers.get("Authorization") == f"Bearer {self.server.sink.key}"

    def _reply(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "90")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""
