"""Mail over SMTP: persistent connections, pipelined where the server allows it."""

import os
import ssl
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from email.utils import parseaddr

from mailer import time_limits
from mailer.compose.message import Letter, Template
from mailer.compose.mime import is_sendable, wire_of
from mailer.dkim.key import DkimKey
from mailer.dkim.signing import signed
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Lost
from mailer.providers.smtp.connection import Connection, Patience
from mailer.providers.smtp.dialogue import Post
from mailer.providers.smtp.names import LookUp, look_up
from mailer.providers.smtp.route import Route
from mailer.providers.smtp.sending import Sending
from mailer.return_path import BounceMailbox


@dataclass(frozen=True, slots=True)
class Bearing:
    """What each mail bears, beside what its template says. `mailbox`: where it comes back, under an address that
    names its attempt; otherwise it comes back to its sender. `key` signs it."""

    mailbox: BounceMailbox | None = None
    key: DkimKey | None = None

    def fill_of(self, template: Template) -> Callable[[Letter], bytes]:
        """What makes a letter of the template ready to leave."""
        wire = wire_of(template)
        if (key := self.key) is not None:
            return lambda letter: signed(wire.pieces_of(letter), key, letter.date)
        return wire.bytes_of

    def sender_of(self, template: Template) -> Callable[[Letter], bytes]:
        """The addresses of the envelopes: each letter's own, or one for all."""
        if (mailbox := self.mailbox) is not None:
            return lambda letter: mailbox.return_path(letter.attempt).encode("ascii")
        sender = parseaddr(template.sender)[1].encode("ascii")
        return lambda _: sender


PLAIN = Bearing()


class Smtp:
    """Connections stay open between two sendings, until `close`. `context` is for servers whose certificate the
    system's authorities do not vouch for."""

    confirms = False

    def __init__(
        self,
        address: SmtpServer,
        context: ssl.SSLContext | None = None,
        patience: Patience | None = None,
        addresses: LookUp = look_up,
        bearing: Bearing = PLAIN,
    ) -> None:
        self._bearing = bearing
        self._address, self._patience = address, patience or Patience()
        self._route = Route(address, context, self._patience, addresses)
        self._rested: list[Connection] = []
        self._process = os.getpid()

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        waiting: deque[Letter] = deque()
        for letter in letters:
            if is_sendable(letter.email):
                waiting.append(letter)
            else:
                yield Answer(letter.attempt, "refused", "not an address that SMTP can carry", permanent=True)
        post = Post(self._bearing.sender_of(template), waiting, self._bearing.fill_of(template), begin)
        sending = Sending(post, self._address.connections, self._route, self._usable())
        try:
            yield from sending.answers()
        finally:
            self._rested += sending.end()

    def has(self, delivery: str) -> None:
        """SMTP cannot be asked."""

    def trouble(self) -> str:
        ways: dict[str, str] = {}
        try:
            for place, why in self._ways():
                if not why:
                    return ""
                ways[place] = why
        except Lost as lost:
            return str(lost)
        return "; ".join(f"{place}: {why}" if len(ways) > 1 else why for place, why in ways.items())

    def ways(self) -> dict[str, str]:
        try:
            return dict(self._ways())
        except Lost:
            return {}

    def close(self) -> None:
        rested, self._rested = self._rested, []
        for connection in rested:
            connection.quit()

    def _ways(self) -> Iterator[tuple[str, str]]:
        # Somebody sits and waits for it.
        connect = min(self._patience.connect, time_limits.SMTP_ALONE)
        reply = min(self._patience.reply, time_limits.SMTP_LOOK)
        return self._route.ways(replace(self._patience, connect=connect, reply=reply))

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
