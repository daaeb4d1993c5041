"""What an SMTP server says, and what it means for a letter (RFC 5321, 4.2)."""

from typing import NamedTuple

from mailer.providers.answer import Answer
from mailer.providers.smtp.blame import blame

MOST_UNREAD, MOST_LINES = 100_000, 1000
# The server wants to know who we are, or did not believe it (RFC 4954, 6).
NOT_LET_IN = frozenset({530, 534, 535, 538})
# When the server has been told of the recipient; a no before that cannot be about them.
RECIPIENT_KNOWN = frozenset({"RCPT", "DATA", "final dot"})


class Garbled(Exception):
    """Bytes that are not SMTP, or not the answer to anything asked."""


class Reply(NamedTuple):
    """`lines` without their codes."""

    code: int
    lines: tuple[str, ...]

    @property
    def good(self) -> bool:
        return 200 <= self.code < 300

    def __str__(self) -> str:
        return f"{self.code} {' '.join(self.lines)}"[:500]


class ReplyReader:
    """Bytes in, whole replies out."""

    def __init__(self) -> None:
        self._unread = b""
        self._at = 0
        self._lines: list[str] = []

    @property
    def empty(self) -> bool:
        """Whether nothing has come beyond the last whole reply."""
        return self._at == len(self._unread) and not self._lines

    def feed(self, data: bytes) -> None:
        self._unread = self._unread[self._at :] + data
        self._at = 0

    def next(self) -> Reply | None:
        """The next whole reply, if it has come. Raises Garbled."""
        while (end := self._unread.find(b"\n", self._at)) >= 0:
            line = self._unread[self._at : end]
            self._at = end + 1
            code, mark = line[:3], line[3:4]
            if len(code) < 3 or not code.isdigit() or mark not in (b" ", b"-", b"\r", b""):
                raise Garbled(f"not an SMTP reply: {line[:80]!r}")
            self._lines.append(line[4:].decode("utf-8", "replace").rstrip())
            if mark != b"-":
                reply = Reply(int(code), tuple(self._lines))
                self._lines = []
                return reply
        if len(self._unread) - self._at > MOST_UNREAD or len(self._lines) > MOST_LINES:
            raise Garbled("a reply without end")
        return None


def refusal(attempt: str, asked: str, reply: Reply) -> Answer:
    """The answer for a letter that was told no. Permanent with evidence about the recipient alone (`blame`); any
    other 5yz is lasting."""
    lasting = 500 <= reply.code < 600
    permanent = lasting and asked in RECIPIENT_KNOWN and blame(" ".join(reply.lines)) == "recipient"
    return Answer(
        attempt,
        "refused",
        f"{asked}: {reply}",
        permanent=permanent,
        lasting=lasting and not permanent,
        account=reply.code in NOT_LET_IN,
    )
