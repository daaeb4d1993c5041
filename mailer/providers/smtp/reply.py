"""What an SMTP server says, and what it means for a letter (RFC 5321, 4.2; RFC 3463)."""

import re
from typing import NamedTuple

from mailer.providers.answer import Answer

MOST_UNREAD, MOST_LINES = 100_000, 1000
# The server wants to know who we are, or did not believe it (RFC 4954, 6).
NOT_LET_IN = frozenset({530, 534, 535, 538})
# An address that will never do (RFC 3463, 3.2 and 3.3). X.1.7 and X.1.8 are about the sender, X.2.2 is a full
# mailbox, and X.7 is a policy, most often against us: none of them is the learner's fault for good.
BAD_ADDRESS = re.compile(r"5\.(1\.([1-6]|10)|2\.1)\b")
ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
BAD_MAILBOX = frozenset({550, 551, 553})


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
    """The answer for a letter that was told no. Permanent: the enhanced code says that the address is bad, or,
    where there is none, RCPT itself is answered with a code that says so. Any other 5yz is lasting."""
    permanent = False
    if 500 <= reply.code < 600:
        enhanced = ENHANCED.match(reply.lines[0])
        permanent = (
            BAD_ADDRESS.match(enhanced[0]) is not None
            if enhanced
            else asked == "RCPT" and reply.code in BAD_MAILBOX
        )
    return Answer(
        attempt,
        "refused",
        f"{asked}: {reply}",
        permanent=permanent,
        lasting=reply.code >= 500 and not permanent,
        account=reply.code in NOT_LET_IN,
    )
