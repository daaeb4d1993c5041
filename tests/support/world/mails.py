"""Mails as a test reads them, wherever they were caught."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property, lru_cache
from pathlib import Path

from tests.support.gate.raw_mail import GATE
from tests.support.servers.sendgrid_sink import SendgridSink
from tests.support.servers.smtp_sink import SmtpSink

Source = Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class Mail:
    """One received mail."""

    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def delivery(self) -> str:
        return str(self.message["X-Dayletter-Delivery"])

    @property
    def kind(self) -> str:
        """`lesson`, `confirm`, ...: the first field of its Feedback-ID."""
        return str(self.message["Feedback-ID"]).partition(":")[0]

    @cached_property
    def text(self) -> str:
        return self._part("plain")

    @cached_property
    def html(self) -> str:
        return self._part("html")

    @property
    def day(self) -> int | None:
        found = re.search(r"Day (\d+) of \d+", self.text)
        return int(found[1]) if found else None

    def link(self, part: str) -> str:
        """The first address in the text part that holds `part`."""
        found = re.search(rf"https?://\S*{re.escape(part)}[^\s)>\]]*", self.text)
        assert found, f"no link with {part!r} in:\n{self.text}"
        return found[0]

    def _part(self, subtype: str) -> str:
        body = self.message.get_body((subtype,))
        assert body is not None
        return str(body.get_content())


@lru_cache(maxsize=1000)
def read_mail(raw: bytes) -> Mail:
    """Read once, however often a test looks whether another one has come."""
    GATE.catch(raw)
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(message)


def of_sink(sink: SmtpSink | SendgridSink) -> Source:
    return lambda: [mail.raw for mail in sink.mails]


def of_outbox(folder: Path) -> Source:
    return lambda: [file.read_bytes() for file in sorted(folder.glob("*.eml"), key=lambda f: f.stat().st_mtime_ns)]
