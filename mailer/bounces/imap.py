"""The mailbox for bounces over IMAP: what nobody has read yet, a mail at a time."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from imaplib import IMAP4, IMAP4_SSL

from course.variables import LOOPBACK
from mailer.bounces.parts import MOST_BYTES
from mailer.return_path import BounceMailbox

PATIENCE = 30.0
"""Seconds for each answer."""


class MailboxAway(Exception):
    """The mailbox cannot be read now. Its words say why, and hold no password."""


class Mailbox:
    """An open folder. A mail that is marked is not among the `unread` any more."""

    def __init__(self, server: IMAP4) -> None:
        self._server = server

    def unread(self) -> list[str]:
        """The numbers of those that nobody has read, the oldest first."""
        found = _good("SEARCH", self._server.uid("SEARCH", "UNSEEN"))
        return [number.decode() for number in found[0].split()] if isinstance(found[0], bytes) else []

    def with_header(self, name: str, value: str) -> list[str]:
        """The numbers of those whose header says so, read or not, the oldest first."""
        found = _good("SEARCH", self._server.uid("SEARCH", "HEADER", name, _quoted(value)))
        return [number.decode() for number in found[0].split()] if isinstance(found[0], bytes) else []

    def fetch(self, number: str) -> bytes:
        """The mail, or the beginning of a long one; empty if it is gone, or the server cannot read it."""
        state, answer = self._server.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
        if state != "OK":
            return b""
        return next((part[1] for part in answer if isinstance(part, tuple)), b"")

    def mark(self, number: str) -> None:
        """As read: it stays where it is."""
        _good("STORE", self._server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))


@contextmanager
def opened(mailbox: BounceMailbox, patience: float = PATIENCE) -> Iterator[Mailbox]:
    """Logs in, and out at the end. Whatever fails with the server raises MailboxAway."""
    try:
        server = _connected(mailbox, patience)
        try:
            server.login(mailbox.user, mailbox.password)
            _good("SELECT", server.select(_quoted(mailbox.folder)))
            yield Mailbox(server)
        finally:
            with suppress(OSError, IMAP4.error):
                server.logout()
    except (OSError, IMAP4.error) as problem:
        told = str(problem) or type(problem).__name__
        raise MailboxAway(told.replace(mailbox.password or "\0", "(password)")[:300]) from problem


def trouble(mailbox: BounceMailbox) -> str:
    """Why the mailbox cannot be read; empty if it can. Changes nothing in it."""
    try:
        with opened(mailbox) as box:
            box.unread()
    except MailboxAway as problem:
        return str(problem)
    return ""


def _connected(mailbox: BounceMailbox, patience: float) -> IMAP4:
    if mailbox.scheme == "imaps":
        return IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=ssl.create_default_context(), timeout=patience)
    server = IMAP4(mailbox.host, mailbox.port, timeout=patience)
    if mailbox.host not in LOOPBACK:
        # A password never travels without TLS.
        server.starttls(ssl.create_default_context())
    return server


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _good(asked: str, answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    state, told = answer
    if state != "OK":
        raise IMAP4.error(f"{asked}: {state} {told[0]!r}"[:200])
    return told
