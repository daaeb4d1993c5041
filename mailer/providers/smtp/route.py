"""The way to a mail server: by every address of its name, in order, until one lets us in (RFC 5321, 5.1)."""

import ssl
import time
from collections.abc import Iterator
from functools import cache
from selectors import DefaultSelector

from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Endpoint, Lost
from mailer.providers.smtp.connection import Connection, Patience
from mailer.providers.smtp.names import LookUp, Name, look_up
from mailer.providers.smtp.shunned import Shunned

LEAST_TRIES = 2
"""A beginning may go wrong by chance, also where there is one address only."""


class Route:
    """One server's addresses, and which of them failed lately. `context` is for servers whose certificate the
    system's authorities do not vouch for."""

    def __init__(
        self, server: SmtpServer, context: ssl.SSLContext | None, patience: Patience, look_up: LookUp = look_up
    ) -> None:
        self._server, self._patience, self._name = server, patience, Name(server, look_up)
        self._context = _system_trust if context is None else lambda: context
        self._shunned: Shunned[Endpoint] = Shunned(patience.shun)

    @property
    def tries(self) -> int:
        """How many connections may fail in a row before there is no sense in another."""
        return max(LEAST_TRIES, len(self._name.found))

    def connect(self) -> Connection:
        """To the address whose turn it is. Raises Lost."""
        found = self._name.addresses()
        return self._connect(self._shunned.in_order(found, time.monotonic())[0], self._patience)

    def failed(self, endpoint: Endpoint, lost: Lost) -> None:
        """It is tried last for a while. Where there are several, `lost` is told which one it was."""
        self._shunned.failed(endpoint, time.monotonic())
        lost.place = str(endpoint[1][0]) if len(self._name.found) > 1 else ""

    def slow(self, connection: Connection) -> None:
        """As if it had failed, until it serves us."""
        self._shunned.failed(connection.endpoint, time.monotonic())

    def served(self, connection: Connection) -> None:
        self._shunned.served(connection.endpoint)

    def ways(self, patience: Patience) -> Iterator[tuple[str, str]]:
        """Tries one address after the other; why it does not let us in, empty where it does. Raises Lost if there
        is none."""
        for endpoint in self._name.addresses():
            try:
                connection = self._connect(endpoint, patience)
                _come_in(connection)
                connection.quit()
            except Lost as lost:
                yield str(endpoint[1][0]), str(lost)
            else:
                yield str(endpoint[1][0]), ""

    def _connect(self, endpoint: Endpoint, patience: Patience) -> Connection:
        try:
            return Connection(self._server, endpoint, self._context, patience)
        except Lost as lost:
            self.failed(endpoint, lost)
            raise


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
