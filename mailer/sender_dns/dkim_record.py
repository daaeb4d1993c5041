"""A DKIM key as it stands in DNS (RFC 6376, 3.6.1; RFC 8301; RFC 8463)."""

import re
from base64 import b64decode
from dataclasses import dataclass

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from course.checkup import Grade
from mailer.sender_dns.tags import read_tags

LEAST_BITS, SAFE_BITS = 1024, 2048
ED25519_BYTES = 32
PublicKey = RSAPublicKey | Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a key; `said` goes on from the record's name."""

    state: Grade
    said: str
    todo: str


def public_key(record: str) -> PublicKey:
    """The key that a record holds. Raises ValueError where there is none that can be read."""
    tags = read_tags(record)
    data = b64decode("".join(tags.get("p", "").split()), validate=True)
    if tags.get("k", "rsa") == "ed25519":
        return Ed25519PublicKey.from_public_bytes(data)
    try:
        key = load_der_public_key(data)
    except UnsupportedAlgorithm as problem:
        raise ValueError("of an unknown kind") from problem
    if not isinstance(key, RSAPublicKey):
        raise ValueError("not of RSA")
    return key


def is_withdrawn(record: str) -> bool:
    """Whether the key was taken back on purpose, by an empty `p=`."""
    try:
        return read_tags(record).get("p") == ""
    except ValueError:
        return False


def fault_of(record: str, expected: str = "") -> Fault | None:
    """The gravest fault of a record; None if mails can be checked by it. `expected`: what has to stand after `p=`,
    where that is known."""
    again = "Publish the record anew, as whoever signs your mails shows it."
    try:
        tags = read_tags(record)
    except ValueError as problem:
        return Fault("bad", f"is no DKIM key: it {problem}.", again)
    if "v" in tags and (tags["v"] != "DKIM1" or next(iter(tags)) != "v"):
        return Fault("bad", "does not begin with `v=DKIM1`, as a key with `v=` has to.", again)
    if "p" not in tags:
        return Fault("bad", "is no DKIM key: there is no `p=`.", again)
    if not tags["p"]:
        return Fault(
            "bad", "has an empty `p=`: the key was withdrawn.", "Publish a new key, under a new selector."
        )
    if (kind := tags.get("k", "rsa")) not in ("rsa", "ed25519"):
        return Fault("bad", f"is of the kind `k={kind}`, which nobody knows.", "Write `k=rsa`.")
    return _of_key(record, kind) or _of_use(tags) or _of_another("".join(tags["p"].split()), expected)


def _of_key(record: str, kind: str) -> Fault | None:
    try:
        key = public_key(record)
    except ValueError:
        what = "What stands after `p=` is cut off, or no key at all; publish all of it, in pieces of 255 signs."
        return Fault("bad", f"holds no {kind} key that can be read.", what)
    if not isinstance(key, RSAPublicKey) or key.key_size >= SAFE_BITS:
        return None
    todo = f"Make one of {SAFE_BITS} bits, under a new selector."
    if key.key_size < LEAST_BITS:
        return Fault("bad", f"has a key of {key.key_size} bits, which nobody trusts (RFC 8301).", todo)
    return Fault("warning", f"has a key of {key.key_size} bits.", todo)


def _of_use(tags: dict[str, str]) -> Fault | None:
    if "y" in _parts(tags.get("t", "")):
        said = "says `t=y`: the key is on trial, and mails count as unsigned."
        return Fault("bad", said, "Take `t=y` out.")
    if "h" in tags and "sha256" not in _parts(tags["h"]):
        return Fault("bad", f"takes only `h={tags['h']}`, and mails are signed with sha256.", "Take `h=` out.")
    if "s" in tags and not {"*", "email"} & _parts(tags["s"]):
        return Fault("bad", f"is not for mail: `s={tags['s']}`.", "Take `s=` out.")
    return None


def _of_another(held: str, expected: str) -> Fault | None:
    if expected and held != expected:
        return Fault("bad", "holds another key than the one mails are signed with.", "")
    return None


def _parts(value: str) -> set[str]:
    return set(re.split(r"\s*:\s*", value.strip().lower()))
