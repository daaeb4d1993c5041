"""DKIM signatures of a mail that has arrived, checked (RFC 6376, 6). What is not good is told in words."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from mailer.dkim.signing import plain_field, plain_piece, whole_body
from mailer.sender_dns.dkim_record import public_key
from mailer.sender_dns.tags import read_tags

FIELD_END = re.compile(rb"\r\n(?![ \t])")
PROOF = re.compile(rb"((?:^|;)\s*b\s*=)[^;]*")
NEEDED = frozenset({"a", "b", "bh", "d", "h", "s"})


@dataclass(frozen=True, slots=True)
class Signature:
    """`field` is the whole header as it came; `tags` are its own, blanks within values taken out."""

    field: bytes
    tags: dict[str, str]

    @property
    def domain(self) -> str:
        return self.tags["d"].lower()

    @property
    def name(self) -> str:
        """Where its key stands in DNS."""
        return f"{self.tags['s']}._domainkey.{self.domain}".lower()


def signatures_of(raw: bytes) -> list[Signature]:
    """All that can be read, from the top."""
    found: list[Signature] = []
    for field in _fields(raw):
        name, _, value = field.partition(b":")
        if name.strip().lower() == b"dkim-signature":
            try:
                tags = read_tags(re.sub(r"\s+", " ", value.decode("ascii", "replace")).strip())
            except ValueError:
                continue
            if tags.keys() >= NEEDED:
                found.append(Signature(field, {tag: "".join(text.split()) for tag, text in tags.items()}))
    return found


def fault_in(raw: bytes, signature: Signature, record: str) -> str:
    """Why the signature does not hold, by the record of its key; empty if it does."""
    tags = signature.tags
    try:
        key = public_key(record)
        proof, told = b64decode(tags["b"], validate=True), b64decode(tags["bh"], validate=True)
    except (ValueError, Error):
        return "its key or its proof cannot be read"
    kind = "rsa-sha256" if isinstance(key, RSAPublicKey) else "ed25519-sha256"
    if tags["a"].lower() != kind:
        return f"it is of the kind {tags['a']}, and the key is for {kind}"
    head, _, body = tags.get("c", "simple/simple").lower().partition("/")
    if sha256(_body(raw, body or "simple", tags.get("l"))).digest() != told:
        return "the text was changed on the way"
    covered = _covered(raw, signature, head)
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(proof, covered, PKCS1v15(), SHA256())
        else:
            key.verify(proof, sha256(covered).digest())
    except InvalidSignature:
        return "a header was changed on the way, or it was signed with another key"
    return ""


def _fields(raw: bytes) -> Sequence[bytes]:
    return FIELD_END.split(raw.partition(b"\r\n\r\n")[0])


def _body(raw: bytes, canon: str, length: str | None) -> bytes:
    body = raw.partition(b"\r\n\r\n")[2]
    if canon == "relaxed":
        body = whole_body(plain_piece(body))
    else:
        while body.endswith(b"\r\n"):
            body = body[:-2]
        body += b"\r\n"
    return body[: int(length)] if length and length.isascii() and length.isdigit() else body


def _covered(raw: bytes, signature: Signature, canon: str) -> bytes:
    """The headers that it names, of several the last first, and its own without the proof."""
    waiting: dict[bytes, list[bytes]] = {}
    for field in _fields(raw):
        waiting.setdefault(field.partition(b":")[0].strip().lower(), []).append(field)
    lines: list[bytes] = []
    for named in signature.tags["h"].lower().split(":"):
        if fields := waiting.get(named.strip().encode("ascii", "replace")):
            lines.append(_plain(fields.pop(), canon) + b"\r\n")
    name, _, value = signature.field.partition(b":")
    own = name + b":" + PROOF.sub(rb"\1", value)
    return b"".join(lines) + _plain(own, canon)


def _plain(field: bytes, canon: str) -> bytes:
    if canon != "relaxed":
        return field
    name, _, value = field.partition(b":")
    return plain_field(name, value)
