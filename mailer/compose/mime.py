"""A template as prebuilt bytes: filling one letter is a join, never a MIME library's work.

Both parts are quoted-printable (RFC 2045, 6.7), so the bytes may pass any server, with or without 8BITMIME. A
slot stands on an encoded line of its own between soft line breaks: whatever its length, no line grows too long.
"""

import re
from base64 import b64encode
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from hashlib import sha256
from html import escape

from course.addresses.marks import one_line
from mailer.compose.message import Letter, Part, Template

SOFT_BREAK = b"=\r\n"
LINE_LIMIT = 72
# With its dozen of marks and the longest of our header names, such a word still fits a line of 78.
WORD_BYTES = 36

_cannot_stand_in_a_command = re.compile(r"[^!-~]|[<>]").search
LEADING_DOTS = re.compile(rb"^\.+", re.MULTILINE)
needs_escape = re.compile("[&<>\"']").search


class Wire:
    """Fills one template. `bytes_of` promises CRLF line ends, 7-bit characters, lines of at most 998 bytes, and
    none that begins with a dot: for SMTP nothing is left to stuff (RFC 5321, 4.5.2)."""

    def __init__(self, template: Template) -> None:
        self._subject = template.subject
        self._fixed_subject = None if template.subject.slots else header("Subject", template.subject.texts[0])
        self._own_headers = tuple((name, part) for name, part in template.headers if part.slots)
        # "=_" cannot occur in quoted-printable text, so no learner's words can end a part.
        boundary = f"=_{sha256(repr((template.subject, template.html)).encode()).hexdigest()[:32]}"
        text = _encoded(template.text, _part_head(boundary, "plain"))
        html = _encoded(template.html, _part_head(boundary, "html"))
        # The first piece and every second one after it belong to the letter.
        fixed = [_fixed_headers(template, boundary) + text[0], *text[1:]]
        fixed[-1] += html[0]
        fixed += html[1:]
        fixed[-1] += f"\r\n--{boundary}--\r\n".encode()
        self._pieces = [piece for one in fixed for piece in (b"", one)]
        self._text_slots, self._html_slots = template.text.slots, template.html.slots

    def bytes_of(self, letter: Letter) -> bytes:
        """The whole mail, ready for DATA. Needs an address that `is_sendable`."""
        return b"".join(self.pieces_of(letter))

    def pieces_of(self, letter: Letter) -> list[bytes]:
        """The same, not yet joined: the letter's own headers, then what all share and what is its own in turn.

        What all share are the same objects each time. No blank stands where two pieces meet."""
        slots = letter.slots
        plain = {name: quoted_printable(value) for name, value in slots.items()}
        html = {
            name: quoted_printable(escape(slots[name])) if needs_escape(slots[name]) else plain[name]
            for name in self._html_slots
        }
        pieces = self._pieces.copy()
        pieces[0] = self._top(letter)
        pieces[2::2] = [
            *[plain[name] for name in self._text_slots],
            *[html[name] for name in self._html_slots],
        ]
        return pieces

    def _top(self, letter: Letter) -> bytes:
        subject = self._fixed_subject or header("Subject", self._subject.filled(letter.slots))
        lines = [
            f"Message-ID: {letter.message_id}\r\nDate: {date_value(letter.date)}\r\nTo: {letter.email}\r\n"
            f"{subject}\r\nX-Dayletter-Delivery: {letter.delivery}\r\n"
        ]
        lines += [f"{header(name, part.filled(letter.slots))}\r\n" for name, part in self._own_headers]
        return "".join(lines).encode("ascii")


@lru_cache(maxsize=64)
def wire_of(template: Template) -> Wire:
    """The prebuilt bytes of a template, built at its first use."""
    return Wire(template)


def is_sendable(email: str) -> bool:
    """Whether the address may stand in a header and in an SMTP command: ASCII, without spaces and brackets."""
    return "@" in email and len(email) <= 320 and _cannot_stand_in_a_command(email) is None


def header(name: str, value: str) -> str:
    """One header line, folded and in encoded words where it must be. Controls become spaces."""
    return f"{name}: {header_value(name, value)}"


def header_value(name: str, value: str) -> str:
    """Return what stands after a header's name: folded (RFC 5322, 2.2.3), and in encoded words where it must be
    (RFC 2047)."""
    value = one_line(value)
    if not value.isascii() or "=?" in value or len(max(value.split(" "), key=len)) > 900:
        return "\r\n ".join(_encoded_words(value))
    return value if len(name) + len(value) < LINE_LIMIT else _folded(name, value)


def address_value(value: str) -> str:
    """`Name <a@b>` with the name in encoded words where it must be."""
    name, mailbox = parseaddr(value)
    if name.isascii():
        return formataddr((name, mailbox))
    return "\r\n ".join([*_encoded_words(one_line(name)), f"<{mailbox}>"])


@lru_cache(maxsize=256)
def date_value(moment: datetime) -> str:
    """Return a moment as a Date header holds it (RFC 5322, 3.3)."""
    return format_datetime(moment)


def quoted_printable(text: str) -> bytes:
    """Text that begins on a line of its own. Line ends become CRLF; neither space nor tab ends a line."""
    # Nearly all values are a name or a link: they need no encoding, and stand on one line or two.
    if len(text) <= 2 * LINE_LIMIT and text.isascii() and text.isprintable() and _stays(text):
        return (text if len(text) <= LINE_LIMIT else f"{text[:LINE_LIMIT]}=\r\n{text[LINE_LIMIT:]}").encode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = b2a_qp(text.encode("utf-8", "replace")).replace(b"\n", b"\r\n")
    # A soft break after it: in its place, "=2E" could make the line too long.
    return LEADING_DOTS.sub(lambda dots: b"=2E=\r\n" * len(dots[0]), encoded)


def _stays(text: str) -> bool:
    return "=" not in text and text[-1:] != " " and text[:1] != "." and text[LINE_LIMIT : LINE_LIMIT + 1] != "."


def _fixed_headers(template: Template, boundary: str) -> bytes:
    lines = [f"From: {address_value(template.sender)}"]
    if template.reply_to:
        lines.append(f"Reply-To: {address_value(template.reply_to)}")
    lines += [header(name, part.texts[0]) for name, part in template.headers if not part.slots]
    lines += ["MIME-Version: 1.0", f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"', ""]
    return "\r\n".join(lines).encode("ascii")


def _part_head(boundary: str, subtype: str) -> str:
    return (
        f"\r\n--{boundary}\r\nContent-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def _encoded(part: Part, head: str) -> list[bytes]:
    """Fixed texts as encoded bytes, with soft breaks where a slot's line begins and ends."""
    texts = [quoted_printable(text) for text in part.texts]
    for at in range(len(part.slots)):
        texts[at] += SOFT_BREAK
        texts[at + 1] = SOFT_BREAK + texts[at + 1]
    texts[0] = head.encode() + texts[0]
    return texts


def _folded(name: str, value: str) -> str:
    lines, room = [""], LINE_LIMIT - len(name)
    for word in value.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) >= room:
            lines.append("")
            room = LINE_LIMIT
        lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def _encoded_words(value: str) -> Iterator[str]:
    raw = value.encode("utf-8", "replace")
    begin = 0
    while begin < len(raw):
        end = min(begin + WORD_BYTES, len(raw))
        # A word may not break a character: UTF-8 goes on with bytes from 80 to BF.
        while end < len(raw) and raw[end] & 0xC0 == 0x80:
            end -= 1
        yield f"=?utf-8?B?{b64encode(raw[begin:end]).decode()}?="
        begin = end
