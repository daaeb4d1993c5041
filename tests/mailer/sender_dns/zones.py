"""The zones of `zones.txt`: each with how mail leaves, and what is to be found."""

import base64
import re
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailer.providers.sendgrid.settings import SENDER_DNS
from mailer.sender_dns.expected import ANY_SERVER, Sender, SenderDns
from tests.support.names.dns_server import Zone

FILE = Path(__file__).with_name("zones.txt")


def rsa(bits: int) -> str:
    """What a public key of so many bits looks like after `p=`; whose private half nobody has or needs."""
    key = RSAPublicNumbers(65537, (1 << (bits - 1)) + 1).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


ED25519 = Ed25519PrivateKey.from_private_bytes(b"a private key of thirty-two byte").public_key()
BLANKS = {f"RSA{bits}": rsa(bits) for bits in (512, 768, 1024, 2048, 4096)} | {
    "ED25519": base64.b64encode(ED25519.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode(),
}


@dataclass(frozen=True, slots=True)
class Case:
    """`found`: what is not good, as (about, state, words that are in it); `good`: words of good findings."""

    name: str
    sender: Sender
    zone: Zone
    found: tuple[tuple[str, str, str], ...]
    good: tuple[tuple[str, str], ...]


def cases() -> list[Case]:
    base, *others = re.split(r"^# ", FILE.read_text(), flags=re.M)[1:]
    return [_case(text, _zone(base.splitlines()[1:], {})) for text in others]


def _case(text: str, base: Zone) -> Case:
    name, *lines = text.strip().splitlines()
    expected, returns_to, answers_to, signs = ANY_SERVER, "", "", False
    found, good = list[tuple[str, str, str]](), list[tuple[str, str]]()
    records = list[str]()
    domain = "x.org"
    for line in lines:
        match line.split(maxsplit=2):
            case [":", "by", way]:
                expected = _expected(way)
                signs = bool(expected.key)
            case [":", "from", written]:
                domain = written
            case [":", "returns", written]:
                returns_to = written
            case [":", "answers", written]:
                answers_to = written
            case [("bad" | "warning") as state, about, words]:
                found.append((about, state, _filled(words)))
            case ["good", about, words]:
                good.append((about, words))
            case []:
                pass
            case _:
                records.append(line)
    sender = Sender(domain, returns_to or domain, answers_to or domain, expected, signs)
    return Case(name, sender, _zone(records, base), tuple(found), tuple(good))


def _expected(way: str) -> SenderDns:
    kind, _, rest = way.partition(" ")
    if kind == "sendgrid":
        return SENDER_DNS
    if kind == "key":
        return replace(ANY_SERVER, selectors=("day1",), key=_filled(rest))
    return replace(ANY_SERVER, hosts=(rest,))


def _zone(lines: list[str], base: Zone) -> Zone:
    """A kind of records that a case names replaces that of the base; `-` takes it away."""
    own: dict[str, list[str]] = {}
    for line in filter(None, lines):
        name, record = line.split(" ", 1)
        own.setdefault(name, []).append(_filled(record))
    zone = {name: list(records) for name, records in base.items()}
    for name, records in own.items():
        kinds = {record.split(" ")[0].removeprefix("-") for record in records}
        kept = [record for record in zone.get(name, []) if record.split(" ")[0] not in kinds]
        zone[name] = kept + [record for record in records if not record.startswith("-")]
    return zone


def _filled(text: str) -> str:
    return re.sub(r"<(\w+)>", lambda found: BLANKS[found[1]], text)
