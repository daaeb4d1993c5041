"""A mail taken apart as far as one can: whatever is broken in it, something is returned, and nothing raised."""

import re
from base64 import b64decode
from collections.abc import Iterator
from email import message_from_bytes, message_from_string
from email.message import Message
from html import unescape

MOST_BYTES = 1024 * 1024
"""Of a longer mail only so much is looked at."""

MOST_TEXT = 20_000
TAG = re.compile(r"<(style|script)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
STATUS_REPORTS = ("message/delivery-status", "message/global-delivery-status")
RETURNED = ("message/rfc822", "message/global", "message/rfc822-headers", "text/rfc822-headers")


def opened(raw: bytes) -> Message:
    return message_from_bytes(raw[:MOST_BYTES])


def header(message: Message, name: str) -> str:
    """On one line, empty if there is none; bytes that are no UTF-8 give way to a mark."""
    return next((value for known, value in _fields(message) if known.lower() == name.lower()), "")


def headers(message: Message) -> str:
    """All of its head, a line each."""
    return "\n".join(f"{name}: {value}" for name, value in _fields(message))


def blocks(part: Message) -> list[Message]:
    """The groups of fields in a report (RFC 3464, 2.1); also where it was encoded, as it must not be."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        text = text_of(part)
    else:
        inner = [block for block in payload if isinstance(block, Message)]
        text = "\n\n".join(f"{headers(block)}\n{_text_inside(block)}" for block in inner)
        if header(part, "Content-Transfer-Encoding").lower() == "base64":
            text = _out_of_base64(text)
    return [message_from_string(group) for group in re.split(r"\n\s*\n", text.strip())]


def text_of(part: Message) -> str:
    """Its text, decoded as it says, or as UTF-8 where that cannot be done."""
    try:
        payload = part.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        text = data.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError, UnicodeError):
        text = _readable(str(part.get_payload()))
    return text.replace("\r\n", "\n").replace("\0", " ")[:MOST_TEXT]


def words_of(message: Message) -> str:
    """What the mail says to people: its first text, with HTML made plain."""
    for part in _shallow(message):
        if part.get_content_type() == "text/plain":
            return text_of(part)
    for part in _shallow(message):
        if part.get_content_type() == "text/html":
            return unescape(TAG.sub("\n", text_of(part)))
    return ""


def everything(message: Message) -> Iterator[str]:
    """The head of the mail first, then all that it holds, also what came back with it."""
    for part in message.walk():
        yield headers(part)
        if not part.is_multipart():
            yield text_of(part)


def _shallow(message: Message) -> Iterator[Message]:
    """Its parts, without those of mails that it encloses."""
    payload = message.get_payload()
    if message.get_content_type() in RETURNED or message.get_content_type() in STATUS_REPORTS:
        return
    if isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _shallow(part)
    else:
        yield message


def _text_inside(block: Message) -> str:
    payload = block.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(f"{headers(inner)}\n" for inner in payload if isinstance(inner, Message))
    return f"\n{text_of(block)}"


def _out_of_base64(text: str) -> str:
    try:
        return b64decode(text).decode("utf-8", "replace").replace("\r\n", "\n")
    except ValueError:
        return text


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    # As they came: what is not ASCII would be lost in a header that is no encoded word.
    for name, value in message.raw_items():
        yield name, " ".join(_readable(str(value)).split())


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
