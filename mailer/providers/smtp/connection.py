"""One connection to an SMTP server, from connecting to the last reply."""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from selectors import EVENT_READ
from typing import Literal

from mailer import time_limits
from mailer.providers.answer import Answer
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.channel import Channel, Endpoint, Lost
from mailer.providers.smtp.dialogue import Dialogue, Farewell, Post, Stage
from mailer.providers.smtp.opening import START_TLS, Gone, Offers, Unwilling, opening
from mailer.providers.smtp.our_name import our_names
from mailer.providers.smtp.reply import Garbled, Reply, ReplyReader

Standing = Literal["connecting", "handshake", "opening", "open"]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `data` is for the reply to DATA, `final` for the one to a final dot, `reply` for all others.

    `block`: until some more of what was said is taken; `letter`: until all of it is. `idle` is how long an unused
    connection is trusted. After `alone` without being let in, another attempt is made beside; an address that
    failed is tried last for `shun`.
    """

    connect: float = time_limits.SMTP_CONNECT
    reply: float = time_limits.SMTP_REPLY
    data: float = time_limits.SMTP_DATA_REPLY
    block: float = time_limits.SMTP_BLOCK
    letter: float = time_limits.SMTP_LETTER
    final: float = time_limits.SMTP_FINAL_REPLY
    idle: float = time_limits.SMTP_IDLE
    alone: float = time_limits.SMTP_ALONE
    shun: float = time_limits.SMTP_SHUN


class Connection:
    """One connection, to be selected for `channel.events` until `deadline` (monotonic seconds). What can fail
    raises Lost."""

    def __init__(
        self, address: SmtpServer, endpoint: Endpoint, context: Callable[[], ssl.SSLContext], patience: Patience
    ) -> None:
        self.channel = Channel(endpoint)
        self.endpoint = endpoint
        self.stage: Standing = "connecting"
        self._address, self._context, self._patience = address, context, patience
        self._opening = opening(address, self._our_names)
        self._reader = ReplyReader()
        self._commands = b""
        self._offers: Offers = {}
        self._dialogue: Dialogue | None = None
        self._proven = False
        self._began = self._said_at = time.monotonic()
        self._wait(patience.connect)

    @property
    def proven(self) -> bool:
        """Whether it has taken a letter at any time."""
        return self._dialogue.proven if self._dialogue else self._proven

    @property
    def has_time(self) -> bool:
        """Whether it is too early for another attempt beside this one."""
        return time.monotonic() < self._began + self._patience.alone

    @property
    def idle(self) -> bool:
        """Open, and nothing is under way."""
        return self.stage == "open" and self.channel.drained and (self._dialogue is None or self._dialogue.idle)

    @property
    def owes_an_answer(self) -> bool:
        """Whether a letter has begun to leave whose fate only the next reply tells."""
        return self._dialogue is not None and self._dialogue.final

    def ready(self, events: int) -> None:
        """Goes on after a select. What it has to say is written by `flush` only."""
        try:
            self._go_on(events)
        except Unwilling as no:
            raise Lost(str(no), no.account, told=True) from no
        except (Farewell, Garbled) as end:
            raise Lost(str(end), told=True) from end

    def attend(self, post: Post) -> None:
        """Begins a letter if one waits and there is nothing else to do."""
        if self.stage != "open":
            return
        if self._dialogue is None:
            self._dialogue = Dialogue(post, "PIPELINING" in self._offers, self._proven)
        if self._dialogue.idle:
            self._dialogue.begin()

    def answers(self) -> list[Answer]:
        """Return the answers that became known since the last call. Call it before `flush`."""
        if self._dialogue is None:
            return []
        answers, self._dialogue.answers = self._dialogue.answers, []
        return answers

    def flush(self) -> None:
        """Writes what the socket takes."""
        if self.stage in ("connecting", "handshake"):
            return
        said, self._commands = self._commands, b""
        if self._dialogue is not None:
            said += self._dialogue.take_out()
        if self.channel.drained:
            self._said_at = time.monotonic()
        self.channel.write(said)
        self._expect()

    def lost(self, why: str) -> list[Answer]:
        """The end: what is known of the letters that were under way."""
        if self._dialogue is not None:
            self._dialogue.lost(self.channel.never_left, why)
        self.channel.close()
        return self.answers()

    def complaint(self) -> str:
        """Return what to say once the deadline has passed."""
        return "no connection in time" if self.stage == "connecting" else "no reply in time"

    def rest(self) -> None:
        """Keeps the connection for another sending."""
        self._proven, self._dialogue = self.proven, None
        self._wait(self._patience.idle)

    def usable(self) -> bool:
        """Whether a rested connection is still there."""
        if time.monotonic() < self.deadline and self.channel.silent():
            self._wait(self._patience.reply)
            return True
        return False

    def quit(self) -> None:
        self.channel.say_farewell(b"QUIT\r\n")

    def _go_on(self, events: int) -> None:
        if self.stage == "connecting":
            self._connected()
        if self.stage == "handshake" and self.channel.shake_hands():
            # With STARTTLS the opening goes on; with TLS from the start it begins.
            self._continue_opening(Reply(220, ()) if self._address.tls == "starttls" else None)
        if self.stage in ("opening", "open") and events & EVENT_READ:
            self._listen()

    def _our_names(self) -> tuple[str, ...]:
        return our_names(self._address.ehlo_name, socket.gethostname(), self.channel.our_address())

    def _connected(self) -> None:
        self.channel.connected()
        if self._address.tls == "tls":
            self._begin_tls()
        else:
            self._continue_opening(None)

    def _begin_tls(self) -> None:
        self.stage = "handshake"
        self.channel.begin_tls(self._context(), self._address.host)
        self._wait(self._patience.reply)

    def _continue_opening(self, reply: Reply | None) -> None:
        self.stage = "opening"
        self._wait(self._patience.reply)
        try:
            command = next(self._opening) if reply is None else self._opening.send(reply)
        except StopIteration as done:
            self._offers, self.stage = done.value, "open"
            return
        if command is not START_TLS:
            self._commands += command
        elif self._reader.empty:
            self._begin_tls()
            self.channel.shake_hands()
        else:
            # Somebody on the way may have slipped it in, to be heard as if it came under TLS.
            raise Lost("the server said more than it was asked before TLS began")

    def _listen(self) -> None:
        try:
            data = self.channel.read()
        except Lost:
            self._closed()
            raise
        if data:
            self._reader.feed(data)
            while (reply := self._reader.next()) is not None:
                self._hear(reply)

    def _closed(self) -> None:
        """Raises Unwilling if the server closes the connection on account of what it said before."""
        if self.stage == "opening":
            with suppress(Gone):
                self._opening.throw(Gone())

    def _hear(self, reply: Reply) -> None:
        if self.stage == "opening":
            self._continue_opening(reply)
        elif self._dialogue is not None:
            self._dialogue.hear(reply)
        else:
            raise Garbled(f"nothing was asked, and the server said: {reply}")

    def _expect(self) -> None:
        """After progress: time for the next step begins anew."""
        if not self.channel.drained:
            left = self._said_at + self._patience.letter - time.monotonic()
            self._wait(min(self._patience.block, left))
        elif self._dialogue is not None and self._dialogue.idle:
            self.deadline = float("inf")
        else:
            self._wait(self._patience_with(self._dialogue.awaited if self._dialogue else None))

    def _patience_with(self, awaited: Stage | None) -> float:
        """For the reply that comes next (RFC 5321, 4.5.3.2)."""
        if awaited in ("body", "nothing"):
            return self._patience.final
        return self._patience.data if awaited == "DATA" else self._patience.reply

    def _wait(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds
