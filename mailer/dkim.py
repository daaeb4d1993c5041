"""Signs ready mails (RFC 6376, relaxed/relaxed): what is signed are the very bytes that leave.

They are so plain already (CRLF, 7 bits, no line that begins with a dot: see `compose.mime`) that no server has to
change them on the way.
"""

import re
from base64 import b64encode
from collections import defaultdict
from datetime import datetime
from hashlib import sha256

from mailer.dkim_key import DkimKey

SIGNED = (
    *("from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"),
    *("list-id", "list-unsubscribe", "list-unsubscribe-post", "feedback-id", "x-dayletter-delivery"),
)
"""RFC 8058, 4 asks for both headers of unsubscribing."""

ONCE_MORE = ("from", "to", "subject", "reply-to")
"""Named once more than there are of them: so nobody can add another one that readers would see."""

FOLD = re.compile(rb"\r\n(?=[ \t])")
WIDTH = 72


def signed(mail: bytes, key: DkimKey, at: datetime) -> bytes:
    """The mail with its signature before it; `at` is when it says it was signed."""
    head, _, body = mail.partition(b"\r\n\r\n")
    fields = _fields(head)
    names = [name for name in SIGNED for _ in fields.get(name, ())] + list(ONCE_MORE)
    told = (
        f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={key.domain}; s={key.selector};\r\n"
        f" t={int(at.timestamp())}; h={_wrapped(names)};\r\n bh={_text(sha256(plain_body(body)).digest())};\r\n b="
    )
    own = plain_field(b"DKIM-Signature", told.encode("ascii"))
    covered = b"".join(field + b"\r\n" for name in SIGNED for field in reversed(fields.get(name, ())))
    lines = _text(key.sign(covered + own))
    proof = "\r\n ".join(lines[at : at + WIDTH] for at in range(0, len(lines), WIDTH))
    return f"DKIM-Signature: {told}{proof}\r\n".encode("ascii") + mail


def plain_field(name: bytes, value: bytes) -> bytes:
    """A header as it is signed, without its line end (RFC 6376, 3.4.2)."""
    return name.strip().lower() + b":" + b" ".join(FOLD.sub(b"", value).replace(b"\t", b" ").split())


def plain_body(body: bytes) -> bytes:
    """A body as it is signed: runs of blanks are one, none ends a line, nor an empty line the body (3.4.4)."""
    body = body.replace(b"\t", b" ")
    while b"  " in body:
        body = body.replace(b"  ", b" ")
    body = body.replace(b" \r\n", b"\r\n").removesuffix(b" ")
    while body.endswith(b"\r\n"):
        body = body[:-2]
    return body + b"\r\n" if body else b""


def _fields(head: bytes) -> dict[str, list[bytes]]:
    """The headers as they are signed, by name."""
    fields = defaultdict[str, list[bytes]](list)
    for line in FOLD.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        fields[name.decode("ascii").lower()].append(plain_field(name, value))
    return fields


def _wrapped(names: list[str]) -> str:
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > WIDTH:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines).removesuffix(":")


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")
