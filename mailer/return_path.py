"""Where mail that comes back arrives: a mailbox, and for each attempt an address of its own that leads there.

The envelope of each mail names `bounces+ATTEMPT@example.org` (a variable envelope return path). Who tells of a
mail by that address has seen its envelope: an attempt's id cannot be guessed.
"""

import re
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote

from course.addresses.email_address import ascii_address
from course.addresses.hosts import ascii_host
from course.addresses.server import parse_server

Scheme = Literal["imap", "imaps", "mailto"]

EXAMPLE = "imaps://bounces%40example.org:PASSWORD@HOST/INBOX"
PIPED = "mailto:bounces@example.org"
PORTS: dict[Scheme, int] = {"imap": 143, "imaps": 993, "mailto": 0}
MOST_LOCAL = 64 - len("+") - 32
"""A local part has at most 64 signs (RFC 5321, 4.5.3.1.1), and an attempt's id takes 32."""

ATTEMPT = "[0-9a-f]{32}"


@dataclass(frozen=True, slots=True)
class BounceMailbox:
    """Who reads what comes back to `address`. With `mailto` there is no server: the mail server hands each mail to
    `dayletter bounce`."""

    address: str
    scheme: Scheme
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    folder: str = "INBOX"

    @property
    def is_read(self) -> bool:
        """Whether there is a server to be asked."""
        return self.scheme != "mailto"

    def return_path(self, attempt: str) -> str:
        local, _, domain = self.address.rpartition("@")
        return f"{local}+{attempt}@{domain}"

    def attempt_in(self, text: str) -> str:
        """The attempt that a return path of ours in the text names, however a server has written it; empty if none
        stands there."""
        local, _, domain = self.address.rpartition("@")
        # `=40` and such are from a server that forwards, and rewrites the envelope.
        named = rf"(?<![\w.+-]){re.escape(local)}\+({ATTEMPT})(?:@|=40|=){re.escape(domain)}"
        found = re.search(named, text, re.IGNORECASE)
        return found[1].lower() if found else ""


def read_mailbox(url: str, mail_from: str) -> BounceMailbox | None:
    """The mailbox of the setting; None where it is empty. Raises ValueError as `parse_mailbox` does."""
    return parse_mailbox(url, parseaddr(mail_from)[1].rpartition("@")[2]) if url else None


def parse_mailbox(url: str, from_domain: str) -> BounceMailbox:
    """The mailbox that a URL names. Its address is the user's name if that is one, otherwise the user at
    `from_domain`, unless `?address=` says another. Raises ValueError with what to write instead, and tells no
    password."""
    if url.startswith("mailto:"):
        return BounceMailbox(_fitting(unquote(url.partition(":")[2])), "mailto")
    parts = parse_server(url, EXAMPLE)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ValueError(f"write `{EXAMPLE}`, or `{PIPED}` where a mail server calls `dayletter bounce`.")
    if unknown := sorted(options.keys() - {"address"}):
        raise ValueError(f"`{unknown[0]}` is not known; there is `address`.")
    scheme, user = cast(Scheme, parts.scheme), unquote(parts.username)
    return BounceMailbox(
        address=_fitting(options.get("address") or (user if "@" in user else f"{user}@{from_domain}")),
        scheme=scheme,
        host=ascii_host(parts.hostname),
        port=parts.port or PORTS[scheme],
        user=user,
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
    )


def _fitting(address: str) -> str:
    """The address in its one form, if an attempt's id still fits behind its local part. Raises ValueError."""
    whole = ascii_address(address)
    if len(whole.rpartition("@")[0]) > MOST_LOCAL:
        raise ValueError(f"what stands before the @ may have {MOST_LOCAL} signs: an id of 32 is added to it.")
    return whole
