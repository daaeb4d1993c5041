"""Signs ready mails (RFC 6376, relaxed/relaxed): what is signed are the very bytes that leave.

They are so plain already (CRLF, 7 bits, no line that begins with a dot: see `compose.mime`) that no server has to
change them on the way.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import sha256

from mailer.dkim.key import DkimKey

SIGNED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "x-dayletter-delivery"),
)
"""RFC 8058, 4 asks for both headers of unsubscribing. None stands twice in a mail of ours."""

ONCE_MORE = ("from", "to", "subject", "reply-to")
"""Named once more than there are of them: so nobody can add another one that readers would see."""

FOLD = re.compile(rb"\r\n(?=[ \t])")
WIDTH = 72


def signed(pieces: Sequence[bytes], key: DkimKey, at: datetime) -> bytes:
    """The mail with its signature before it; `at` is when it says it was signed.

    Its pieces are as `Wire` has them: the letter's own headers, then what all letters share and what is this one's
    in turn. What all share is made plain once.
    """
    own_head, shared, *rest = pieces
    shared_fields, body_begins = _shared_part(shared)
    fields = {**_fields(own_head), **shared_fields}
    body = [body_begins, *rest]
    # A letter's own, and what all share, in turn.
    body[1::2] = map(plain_piece, rest[::2])
    body[2::2] = map(_plain_shared, rest[1::2])
    told = _told(key, at, fields, sha256(whole_body(b"".join(body))).digest())
    proof = key.sign(_covered(fields) + plain_field(b"DKIM-Signature", told))
    return b"".join([b"DKIM-Signature: ", told, _text(proof, folded=True), b"\r\n", *pieces])


def plain_field(name: bytes, value: bytes) -> bytes:
    """A header as it is signed, without its line end (RFC 6376, 3.4.2)."""
    return name.strip().lower() + b":" + b" ".join(FOLD.sub(b"", value).replace(b"\t", b" ").split())


def plain_piece(text: bytes) -> bytes:
    """A piece of a body as it is signed: runs of blanks are one, and none ends a line (RFC 6376, 3.4.4)."""
    text = text.replace(b"\t", b" ")
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    return text.replace(b" \r\n", b"\r\n")


def whole_body(body: bytes) -> bytes:
    """A body of plain pieces, which no empty line ends."""
    body = body.removesuffix(b" ")
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n" if body else b""


_plain_shared = lru_cache(maxsize=4096)(plain_piece)


@lru_cache(maxsize=128)
def _shared_part(piece: bytes) -> tuple[Mapping[bytes, bytes], bytes]:
    """The headers in it, and how the body begins."""
    head, _, body = piece.partition(b"\r\n\r\n")
    return _fields(head), plain_piece(body)


def _fields(head: bytes) -> dict[bytes, bytes]:
    """The headers as they are signed, by name."""
    fields: dict[bytes, bytes] = {}
    for line in FOLD.sub(b"", head).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            fields[name.strip().lower()] = plain_field(name, value)
    return fields


def _covered(fields: Mapping[bytes, bytes]) -> bytes:
    return b"".join(fields[name] + b"\r\n" for name in map(str.encode, SIGNED) if name in fields)


def _told(key: DkimKey, at: datetime, fields: Mapping[bytes, bytes], body: bytes) -> bytes:
    """All of the signature's own header but the proof."""
    names = _names(tuple(name for name in SIGNED if name.encode() in fields))
    return (
        (
            f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={key.domain}; s={key.selector};\r\n"
            f" t={int(at.timestamp())}; h={names};\r\n bh="
        ).encode("ascii")
        + _text(body)
        + b";\r\n b="
    )


@lru_cache(maxsize=64)
def _names(signed_names: tuple[str, ...]) -> str:
    lines = [""]
    for name in (*signed_names, *ONCE_MORE):
        if len(lines[-1]) + len(name) > WIDTH:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines).removesuffix(":")


def _text(data: bytes, folded: bool = False) -> bytes:
    text = b64encode(data)
    return b"\r\n ".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH)) if folded else text
