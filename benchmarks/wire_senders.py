"""The same letters over one SMTP connection: by our provider, and by the standard library."""

import smtplib
from collections.abc import Sequence
from email.utils import parseaddr

from mailer.compose.message import Letter, Template
from mailer.compose.mime import wire_of
from mailer.providers.smtp.address import SmtpServer
from mailer.providers.smtp.provider import Smtp

Mail = tuple[str, bytes]


def ready_mails(template: Template, letters: Sequence[Letter]) -> list[Mail]:
    """Address and bytes of each."""
    wire = wire_of(template)
    return [(letter.email, wire.bytes_of(letter)) for letter in letters]


class Ours:
    """Fills each letter too: it gets no ready bytes."""

    def __init__(self, port: int, template: Template, letters: Sequence[Letter]) -> None:
        self._smtp = Smtp(SmtpServer("127.0.0.1", port, "none", connections=1))
        self._template, self._letters = template, letters
        self._send(letters[:1])

    def send(self) -> None:
        self._send(self._letters)

    def close(self) -> None:
        self._smtp.close()

    def _send(self, letters: Sequence[Letter]) -> None:
        answers = list(self._smtp.send(self._template, letters))
        refused = [answer for answer in answers if answer.outcome != "accepted"]
        if refused or len(answers) != len(letters):
            raise AssertionError(f"{len(answers)} answers for {len(letters)}, refused: {refused[:1]}")


class Smtplib:
    """Sends bytes that are ready."""

    def __init__(self, port: int, template: Template, mails: Sequence[Mail]) -> None:
        self._sender = parseaddr(template.sender)[1]
        self._mails = mails
        self._client = smtplib.SMTP("127.0.0.1", port)
        self._client.ehlo()

    def send(self) -> None:
        for email, content in self._mails:
            self._client.sendmail(self._sender, [email], content)

    def close(self) -> None:
        self._client.quit()
