"""A template as prebuilt bytes: filling one letter is a join, never a MIME library's work.

Both parts are quoted-printable (RFC 2045, 6.7), so the bytes may pass any server, with or without 8BITMIME. A
slot stands on an encoded line of its own between soft line breaks: whatever its length, no line grows too long.
"""

from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache
from hashlib import sha256
from html import escape
from quopri import encodestring

from mailer.message import Letter, Part, Template

SOFT_BREAK = b"=\r\n"
LINE_LIMIT = 72


class Wire:
    """Fills one template. `bytes_of` promises CRLF line ends, 7-bit characters, lines of at most 998 bytes."""

    def __init__(self, template: Template) -> None:
        boundary = sha256(repr((template.subject, template.html)).encode()).hexdigest()[:32]
        self._template = template
        self._fixed_subject = None if template.subject.slots else header("Subject", template.subject.texts[0])
        self._top = _fixed_headers(template)
        self._text = _encoded(template.text, f"--{boundary}\r\n{_part_head('plain')}")
        self._html = _encoded(template.html, f"\r\n--{boundary}\r\n{_part_head('html')}")
        self._mime = f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode()
        self._end = f"\r\n--{boundary}--\r\n".encode()

    def bytes_of(self, letter: Letter) -> bytes:
        """The whole mail, ready for DATA but for dot-stuffing."""
        pieces = [self._top, self._own_headers(letter), self._mime]
        plain = {name: _slot(value) for name, value in letter.slots.items()}
        _join(pieces, self._text, plain)
        quoted = {
            name: plain[name] if _needs_no_escape(value) else _slot(escape(value))
            for name, value in letter.slots.items()
        }
        _join(pieces, self._html, quoted)
        pieces.append(self._end)
        return b"".join(pieces)

    def _own_headers(self, letter: Letter) -> bytes:
        subject = self._fixed_subject or header("Subject", self._template.subject.filled(letter.slots))
        lines = [
            f"Message-ID: {letter.message_id}",
            f"Date: {format_datetime(letter.date)}",
            f"To: {letter.email}",
            subject,
            f"X-Dayletter-Delivery: {letter.delivery}",
        ]
        lines += [f"{name}: {part.filled(letter.slots)}" for name, part in self._template.headers]
        return ("\r\n".join(lines) + "\r\n").encode("ascii")


@lru_cache(maxsize=64)
def wire_of(template: Template) -> Wire:
    """The prebuilt bytes of a template, built at its first use."""
    return Wire(template)


def header(name: str, value: str) -> str:
    """One header line, folded and in encoded words where it must be (RFC 2047). Controls become spaces."""
    # Python 3.11.7's email package lets an encoded newline through to a header of its own (CVE-2024-6923).
    clean = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    if clean.isascii() and len(name) + len(clean) < LINE_LIMIT:
        return f"{name}: {clean}"
    charset = "us-ascii" if clean.isascii() else "utf-8"
    encoded = Header(clean, charset, header_name=name, maxlinelen=LINE_LIMIT).encode(linesep="\r\n")
    return f"{name}: {encoded}"


def address(value: str) -> str:
    """`Name <a@b>` with the name in encoded words where it must be."""
    name, mailbox = parseaddr(value)
    return formataddr((name, mailbox), "utf-8")


def _fixed_headers(template: Template) -> bytes:
    lines = [f"From: {address(template.sender)}"]
    if template.reply_to:
        lines.append(f"Reply-To: {address(template.reply_to)}")
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _part_head(subtype: str) -> str:
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


def _encoded(part: Part, head: str) -> tuple[tuple[bytes, ...], tuple[str, ...]]:
    """Fixed texts as encoded bytes, with soft breaks where a slot's line begins and ends."""
    texts = [_quoted_printable(text) for text in part.texts]
    for at in range(len(part.slots)):
        texts[at] += SOFT_BREAK
        texts[at + 1] = SOFT_BREAK + texts[at + 1]
    texts[0] = head.encode() + texts[0]
    return tuple(texts), part.slots


def _quoted_printable(text: str) -> bytes:
    """Encodes one stretch of text; its line ends become CRLF, and no white space ends a line."""
    encoded = encodestring(text.replace("\r\n", "\n").encode(), quotetabs=False)
    lines = encoded.split(b"\n")
    lines[-1] = _protect_trailing_space(lines[-1])
    return b"\r\n".join(lines)


def _protect_trailing_space(line: bytes) -> bytes:
    return line[:-1] + b"=20" if line.endswith(b" ") else line


def _slot(value: str) -> bytes:
    if len(value) <= LINE_LIMIT and value.isascii() and value.isprintable() and "=" not in value:
        return _protect_trailing_space(value.encode())
    return _quoted_printable(value)


def _needs_no_escape(value: str) -> bool:
    return not any(character in value for character in "&<>\"'")


def _join(pieces: list[bytes], encoded: tuple[tuple[bytes, ...], tuple[str, ...]], values: dict[str, bytes]) -> None:
    texts, slots = encoded
    pieces.append(texts[0])
    for slot, text in zip(slots, texts[1:], strict=True):
        pieces += (values[slot], text)
