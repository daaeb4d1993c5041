"""A real SMTP server on loopback that keeps what it is given, and fails when asked to."""

import asyncio
import contextlib
import socket
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.support.lasting import Lasting
from tests.support.servers.certificate import write_certificate
from tests.support.servers.smtp_session import Behaviour, Fault, Hangup, ReceivedMail, SmtpSession, Step
from tests.support.waiting import POLL

Tls = Literal["none", "starttls", "tls"]


class SmtpSink(Lasting):
    """`behaviour` may be changed at any moment; a fault happens once unless planned for several times."""

    def __init__(self, tls: Tls = "none", directory: Path | None = None) -> None:
        self.behaviour = Behaviour()
        self.connections = 0
        self.certificate = None if tls == "none" else write_certificate(_given(directory))
        self._tls = tls
        self._sessions: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self.port = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls={self._tls}"

    @property
    def place(self) -> tuple[socket.AddressFamily, tuple[str, int]]:
        """Where it listens, as an address of a name."""
        return socket.AF_INET, ("127.0.0.1", self.port)

    @property
    def mails(self) -> list[ReceivedMail]:
        return self.behaviour.mails

    def plan(self, step: Step, fault: Fault, times: int = 1) -> None:
        self.behaviour.faults.setdefault(step, deque()).extend([fault] * times)

    def _at_work(self) -> Iterator[None]:
        thread = threading.Thread(target=self._loop.run_forever, name="smtp-sink", daemon=True)
        thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

    async def _listen(self) -> asyncio.Server:
        tls = self._context() if self._tls == "tls" else None
        return await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=tls, backlog=1000)

    async def _end(self) -> None:
        """Closes what is open. Who was let in just now has not begun yet: they begin, and are closed then. Of a
        server that closes before they would not be taken, and their sockets stay open."""
        for listening in self._server.sockets:
            self._loop.remove_reader(listening.fileno())
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for session in self._sessions:
                session.cancel()
            await asyncio.wait(others, timeout=POLL)
        self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        tls = self._context() if self._tls == "starttls" else None
        session = SmtpSession(reader, writer, self.behaviour, self.connections, tls)
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        # Cancelled: the sink closes. The rest: the client or the plan ended the conversation.
        with contextlib.suppress(Hangup, OSError, asyncio.CancelledError):
            await session.run()
        self._sessions.discard(task)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_given(self.certificate))
        return context


def _given(path: Path | None) -> Path:
    assert path is not None, "a sink with TLS needs a directory for its certificate"
    return path
