"""A SendGrid-shaped HTTP server on loopback: its rules, its substitutions, its bad days."""

import gzip
import json
import secrets
import socket
import struct
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from tests.support.lasting import Lasting, serving
from tests.support.servers.sendgrid_events import EventSigner
from tests.support.servers.sendgrid_mail import SendgridMail, expand
from tests.support.servers.sendgrid_schema import problems


@dataclass(frozen=True)
class Fault:
    """What happens instead of a good answer; `takes_mail` tells whether the mails go out all the same."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    takes_mail: bool = False
    then: Literal["answer", "reset", "hang"] = "answer"
    message: str = "planned by the test"
    field: str | None = None


UNAUTHORIZED = Fault(401)
CREDITS_SPENT = Fault(401, message="Maximum credits exceeded")
REFUSED = Fault(400)
RATE_LIMITED = Fault(429)
BROKEN_BEFORE_ACCEPTING = Fault(500)
BROKEN_AFTER_ACCEPTING = Fault(500, takes_mail=True)
RESET_AFTER_ACCEPTING = Fault(takes_mail=True, then="reset")
HANG_AFTER_ACCEPTING = Fault(takes_mail=True, then="hang")


def rate_limited_until(moment: int) -> Fault:
    return Fault(429, {"X-RateLimit-Reset": str(moment), "X-RateLimit-Remaining": "0"})


class SendgridSink(Lasting):
    """Give `url` and `key` to the program under test; `plan` a fault for its next requests."""

    def __init__(self) -> None:
        self.key = f"SG.{secrets.token_urlsafe(16)}"
        self.mails: list[SendgridMail] = []
        self.requests: list[dict[str, Any]] = []
        self.connections = 0
        self.scopes = ["mail.send"]
        self.odd_answer: tuple[int, dict[str, str], bytes] | None = None
        """What is answered to the question for scopes instead: status, headers, body."""
        self.faults: deque[Fault] = deque()
        self.latency: Callable[[], float] = lambda: 0.0
        """Seconds that a request is on its way before it is taken, and its reply after that; asked for each."""
        self.closing = threading.Event()
        self._signer = EventSigner()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def public_key(self) -> str:
        return self._signer.public_key

    def signed_events(
        self, events: Sequence[Mapping[str, object]], at: int | None = None
    ) -> tuple[bytes, dict[str, str]]:
        return self._signer.signed_events(events, at)

    def signed(self, body: bytes) -> tuple[bytes, dict[str, str]]:
        return self._signer.signed(body)

    def plan(self, fault: Fault, times: int = 1) -> None:
        self.faults.extend([fault] * times)

    def _at_work(self) -> Iterator[None]:
        with serving(self._server):
            try:
                yield
            finally:
                self.closing.set()


class _Server(ThreadingHTTPServer):
    # A client's kept-alive connection must not hold up the end of a test.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, sink: SendgridSink) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed hears no answer: nothing to report. Anything else is an error of the sink."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; with Nagle's delay each answer would cost 40 ms.
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.sink.connections += 1

    def do_POST(self) -> None:
        sink = self.server.sink
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/v3/mail/send":
            self._refuse(404, "not found")
        elif self.headers.get("Authorization") != f"Bearer {sink.key}":
            self._refuse(401, "The provided authorization grant is invalid, expired, or revoked")
        elif self.headers.get_content_type() != "application/json":
            self._refuse(415, "Content-Type should be application/json.")
        else:
            self._send_mail(sink, json.loads(body))

    def do_GET(self) -> None:
        known = self.headers.get("Authorization") == f"Bearer {self.server.sink.key}"
        if self.server.sink.odd_answer is not None:
            status, headers, body = self.server.sink.odd_answer
            self._answer_raw(status, body, headers)
        elif self.path == "/v3/scopes" and known:
            self._answer(200, {"scopes": self.server.sink.scopes})
        else:
            self._refuse(401 if self.path == "/v3/scopes" else 404, "refused")

    def _send_mail(self, sink: SendgridSink, request: dict[str, Any]) -> None:
        sink.requests.append(request)
        sink.closing.wait(sink.latency())
        fault = sink.faults.popleft() if sink.faults else Fault(202, takes_mail=True)
        if fault.takes_mail and (found := problems(request)):
            self._answer(400, {"errors": [problem.as_json() for problem in found]})
            return
        message_id = secrets.token_urlsafe(16)
        if fault.takes_mail:
            sink.mails.extend(expand(request, message_id))
        sink.closing.wait(sink.latency())
        if fault.then == "reset":
            # No lingering: the client gets a reset, not an orderly end.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
        elif fault.then == "hang":
            sink.closing.wait()
            self.close_connection = True
        elif fault.status == 202:
            self._answer(202, None, {"X-Message-Id": message_id})
        else:
            self._refuse(fault.status, fault.message, fault.headers, fault.field)

    def _refuse(
        self, status: int, message: str, headers: dict[str, str] | None = None, field: str | None = None
    ) -> None:
        self._answer(status, {"errors": [{"message": message, "field": field, "help": None}]}, headers)

    def _answer(self, status: int, body: object | None, headers: dict[str, str] | None = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        if (headers or {}).get("Content-Encoding") == "gzip":
            content = gzip.compress(content)
        self._answer_raw(status, content, {"Content-Type": "application/json", **(headers or {})})

    def _answer_raw(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Silence: a test that fails shows `requests` instead."""
