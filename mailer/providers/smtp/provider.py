"""Mail over SMTP: persistent connections, pipelined where the server allows it."""

import os
import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from functools import cache
from selectors import DefaultSelector

from mailer.compose.message import Letter, Template
from mailer.compose.mime import is_sendable, wire_of
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Endpoint, Lost
from mailer.providers.smtp.connection import Connection, Patience
from mailer.providers.smtp.dialogue import Post
from mailer.providers.smtp.sending import Sending


class Smtp:
    """Connections stay open between two sendings, until `close`. `context` is for servers whose certificate the
    system's authorities do not vouch for."""

    confirms = False

    def __init__(
        self, address: SmtpServer, context: ssl.SSLContext | None = None, patience: Patience | None = None
    ) -> None:
        self._address, self._patience = address, patience or Patience()
        self._context = _system_trust if context is None else lambda: context
        self._rested: list[Connection] = []
        self._process = os.getpid()

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        waiting: deque[Letter] = deque()
        for letter in letters:
            if is_sendable(letter.email):
                waiting.append(letter)
            else:
                yield Answer(letter.attempt, "refused", "not an address that SMTP can carry", permanent=True)
        post = Post(parseaddr(template.sender)[1].encode("ascii"), waiting, wire_of(template).bytes_of, begin)
        sending = Sending(post, self._address.connections, self._connect, self._usable())
        try:
            yield from sending.answers()
        finally:
            self._rested += sending.end()

    def has(self, delivery: str) -> None:
        """SMTP cannot be asked."""

    def trouble(self) -> str:
        try:
            connection = self._connect(0)
            _come_in(connection)
        except Lost as lost:
            return str(lost)
        connection.quit()
        return ""

    def close(self) -> None:
        rested, self._rested = self._rested, []
        for connection in rested:
            connection.quit()

    def _usable(self) -> list[Connection]:
        rested, self._rested = self._rested, []
        if self._process != os.getpid():
            # We are a fork: these belong to the process before.
            self._process, rested = os.getpid(), []
        usable = [connection for connection in rested if connection.usable()]
        for connection in rested:
            if connection not in usable:
                connection.channel.close()
        return usable

    def _connect(self, failed: int) -> Connection:
        endpoints = _endpoints(self._address)
        return Connection(self._address, endpoints[failed % len(endpoints)], self._context, self._patience)


def _come_in(connection: Connection) -> None:
    """Greeting, TLS and AUTH. Raises Lost, and the connection is closed, where they fail."""
    try:
        while connection.stage != "open":
            with DefaultSelector() as selector:
                selector.register(connection.channel.number, connection.channel.events)
                heard = selector.select(max(connection.deadline - time.monotonic(), 0))
            if not heard:
                raise Lost(connection.complaint())
            connection.ready(heard[0][1])
            connection.flush()
    except Lost:
        connection.channel.close()
        raise


@cache
def _system_trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _endpoints(address: SmtpServer) -> list[Endpoint]:
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Lost(f"cannot find {address.host}: {error}") from error
    return [(family, where) for family, _, _, _, where in found]
