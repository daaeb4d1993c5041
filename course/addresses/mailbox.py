"""A mailbox with the name of whom it belongs to: `Name <a@b>`. Pure."""

import re
from email.utils import quote, unquote

from course.addresses.email_address import NotAnAddress, ascii_address
from course.addresses.marks import UNSHOWABLE, stripped

MAILBOX = re.compile(r'("(?:[^"\\]|\\.)*"|[^<>"]*?)\s*<([^<>]*)>')
NEEDS_QUOTES = set('()<>@,:;."[]\\')


def read_mailbox(text: str) -> str:
    """The mailbox as headers hold it: its domain in A-labels, its name quoted where it has to be. Raises
    ValueError with a sentence that says what is wrong."""
    written = stripped(text)
    if UNSHOWABLE.search(written):
        raise ValueError("it holds characters that cannot be shown; type it again.")
    named = MAILBOX.fullmatch(written)
    name, address = (unquote(named[1]), named[2]) if named else ("", written)
    try:
        return mailbox(" ".join(name.split()), ascii_address(address))
    except NotAnAddress as problem:
        raise ValueError(f"write one address, as in `Name <name@example.org>`. {problem}") from None


def mailbox(name: str, address: str) -> str:
    """`Name <a@b>`, with the name in quotes where it holds what has a meaning of its own in headers (RFC 5322,
    section 3.2.3); the address alone where there is no name."""
    if not name:
        return address
    shown = f'"{quote(name)}"' if NEEDS_QUOTES.intersection(name) else name
    return f"{shown} <{address}>"
