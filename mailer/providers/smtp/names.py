"""A mail server's name and its addresses, found without keeping anything else waiting."""

import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from mailer import time_limits
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Endpoint, Lost

LookUp = Callable[[SmtpServer], Sequence[Endpoint]]

KNOWN_SECONDS = 0.5
"""So long a resolver may take where addresses are known from before, and connections wait for us."""


def look_up(server: SmtpServer) -> list[Endpoint]:
    """All addresses of the server's name, IPv6 and IPv4, in the order of RFC 6724. Raises Lost."""
    try:
        found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Lost(f"cannot find {server.host}: {error}") from error
    return list(dict.fromkeys((family, where) for family, _, _, _, where in found))


class Name:
    """Looked up in a thread of its own: a resolver that hangs, hangs for half a minute and more."""

    def __init__(self, server: SmtpServer, look_up: LookUp) -> None:
        self._server, self._look_up = server, look_up
        self._asked: Future[Sequence[Endpoint]] | None = None
        self.found: Sequence[Endpoint] = ()

    def addresses(self) -> Sequence[Endpoint]:
        """As the resolver says now; as it said before, where it keeps us waiting. Raises Lost."""
        if self._asked is None or self._asked.done():
            self._keep(self._asked)
            self._asked = self._ask()
        try:
            self.found = self._asked.result(KNOWN_SECONDS if self.found else time_limits.SMTP_LOOK)
        except TimeoutError:
            if not self.found:
                raise Lost(f"cannot find {self._server.host}: the resolver does not answer") from None
        return self.found

    def _keep(self, late: Future[Sequence[Endpoint]] | None) -> None:
        """What nobody waited for any more."""
        if late is not None and late.exception() is None:
            self.found = late.result()

    def _ask(self) -> Future[Sequence[Endpoint]]:
        answer: Future[Sequence[Endpoint]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._look_up(self._server))
            # Whatever it is: raised again where the answer is waited for.
            except Exception as problem:
                answer.set_exception(problem)

        # A daemon: nobody who wants to end waits for a resolver.
        threading.Thread(target=ask, name="resolver", daemon=True).start()
        return answer
