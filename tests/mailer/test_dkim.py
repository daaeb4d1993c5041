"""Signatures, checked by another program than the one that made them: dkimpy."""

import re
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from course.errors import SettingsError
from mailer.compose.mime import wire_of
from mailer.dkim.key import DkimKey, parse_key
from mailer.dkim.signing import ONCE_MORE, signed
from mailer.providers.registry import provider_settings
from mailer.providers.smtp.address import parse_smtp
from mailer.providers.smtp.provider import Bearing, Smtp
from mailer.sender_dns.dkim_judge import of_dkim
from mailer.sender_dns.expected import Lack
from mailer.sender_dns.records import Answer, Question, Records
from mailer.settings import load
from tests.support.servers.smtp_sink import SmtpSink
from tests.support.world.letters import HOSTILE_NAME, MOMENT, TEMPLATE, letter, letters
from tests.support.world.sendings import count, outcomes
from tests.support.world.settings import SETTINGS

RSA = generate_rsa(65537, 2048)
KEYS = {
    "rsa": DkimKey("day1", "example.org", RSA),
    "ed25519": DkimKey("day1", "example.org", Ed25519PrivateKey.generate()),
}
SMTP = SETTINGS | {"MAIL_URL": "smtp://127.0.0.1:25"}


def pem(key: PrivateKeyTypes, lock: KeySerializationEncryption | None = None) -> str:
    told: bytes = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock or NoEncryption())
    return told.decode()


def published(key: DkimKey) -> Callable[..., bytes | None]:
    """DNS in which this key's record stands, and no other."""
    return lambda name, timeout=5: key.record.encode() if name.decode().rstrip(".") == key.name else None


def is_good(mail: bytes, key: DkimKey) -> bool:
    return bool(dkim.verify(mail, dnsfunc=published(key)))


@pytest.fixture(params=KEYS)
def key(request: pytest.FixtureRequest) -> DkimKey:
    return KEYS[request.param]


def test_a_signed_mail_is_found_right_and_every_change_is_found(key: DkimKey) -> None:
    mail = signed(wire_of(TEMPLATE).pieces_of(letter(1, name=HOSTILE_NAME)), key, MOMENT)
    assert is_good(mail, key)
    for was, changed in (
        (b"Dear", b"Deer"),
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"List-Unsubscribe: <https", b"List-Unsubscribe: <httpx"),
        (b"\r\nTo: learner1", b"\r\nTo: learner2"),
    ):
        assert was in mail
        assert not is_good(mail.replace(was, changed), key)
    for name in ONCE_MORE:
        assert not is_good(f"{name}: Eve <eve@example.net>\r\n".encode() + mail, key), name
    another = generate_rsa(65537, 2048) if key.kind == "rsa" else Ed25519PrivateKey.generate()
    assert not is_good(mail, DkimKey("day1", "example.org", another))


def test_the_signature_says_what_it_covers(key: DkimKey) -> None:
    mail = signed(wire_of(TEMPLATE).pieces_of(letter(1)), key, MOMENT)
    head = mail.partition(b"\r\nMessage-ID")[0].decode()
    told = dict(part.strip().split("=", 1) for part in re.sub(r"\s+", " ", head.partition(":")[2]).split(";"))
    names = told["h"].replace(" ", "").split(":")
    assert {"list-unsubscribe", "list-unsubscribe-post", "message-id", "date"} <= set(names)
    assert (names.count("from"), names.count("subject")) == (2, 2)
    assert (told["d"], told["s"], told["c"], told["a"]) == (
        *("example.org", "day1", "relaxed/relaxed"),
        f"{key.kind}-sha256",
    )
    assert max(map(len, head.split("\r\n"))) <= 90


@pytest.mark.parametrize(
    "body",
    ["", "\n", "\n\n\n", "a  b\t c \n\n", "  begins\n", "no end", ".dot\n..two\n", "x" * 3000, "ü\t\n  \n \n"],
)
def test_any_body_of_a_mail_is_signed_as_it_is(key: DkimKey, body: str) -> None:
    plain = f"From: a@example.org\r\nSubject:  two  blanks\r\n\tand a fold\r\n\r\n{body}".replace("\n", "\r\n")
    mail = plain.replace("\r\r\n", "\r\n").encode()
    assert is_good(signed([b"", mail], key, MOMENT), key)
    head, _, text = mail.partition(b"\r\n\r\n")
    assert is_good(signed([head + b"\r\n", b"To: b@example.org\r\n\r\n", text, b"=\r\nend\r\n"], key, MOMENT), key)


@pytest.mark.server
@pytest.mark.parametrize("offers", ["all", "nothing"])
def test_what_arrives_is_what_was_signed(smtp_sink: SmtpSink, key: DkimKey, offers: str) -> None:
    smtp_sink.behaviour.eight_bit = smtp_sink.behaviour.pipelining = offers == "all"
    smtp = Smtp(parse_smtp(f"{smtp_sink.url}&connections=2"), bearing=Bearing(key=key))
    hard = [letter(90, name="Zoë\n.dot"), letter(91, note=".\n..\n ü  \t\n" * 50), letter(92, note="x" * 3000)]
    assert count(outcomes(smtp, [*letters(10), *hard])) == {"accepted": 13}
    smtp.close()
    assert [is_good(mail.raw, key) for mail in smtp_sink.mails] == [True] * 13


def test_a_key_is_read_from_a_file_or_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(pem(RSA))
    for written in (str(file), pem(RSA), pem(RSA).replace("\n", "\\n")):
        settings = load(SMTP | {"DKIM_KEY": written, "DKIM_SELECTOR": "day1"})
        expected = provider_settings(settings).sender_dns
        assert (expected.selectors, expected.key) == (("day1",), KEYS["rsa"].public)


@pytest.mark.parametrize(
    ("key_written", "selector", "told"),
    [
        ("/nowhere/key.pem", "day1", "cannot be read"),
        (pem(RSA), "", "DKIM_SELECTOR"),
        (pem(RSA), "two words", "DKIM_SELECTOR"),
        ("", "day1", "is needed beside DKIM_SELECTOR"),
        ("-----BEGIN nonsense", "day1", "openssl genrsa"),
        (pem(generate_private_key(SECP256R1())), "day1", "RSA and Ed25519 only"),
        (pem(RSA, BestAvailableEncryption(b"secret")), "day1", "without"),
    ],
)
def test_what_is_wrong_with_a_key_is_told_and_nothing_of_it(key_written: str, selector: str, told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load(SMTP | {"DKIM_KEY": key_written, "DKIM_SELECTOR": selector})
    [problem] = refused.value.problems
    assert problem.startswith("DKIM_KEY: ")
    assert told in problem
    assert "BEGIN" not in problem


def test_no_key_shows_itself() -> None:
    assert "private" not in repr(parse_key(pem(RSA), "day1", "example.org"))


def test_doctor_wants_this_key_in_dns(key: DkimKey) -> None:
    settings = load(SMTP | {"DKIM_KEY": pem(key.private), "DKIM_SELECTOR": "day1"})
    expected = provider_settings(settings).sender_dns
    other = DkimKey("day1", "example.org", Ed25519PrivateKey.generate()).record
    split = key.record[:60] + " " + key.record[60:]
    for records, state in (((key.record,), "good"), ((split,), "good"), ((other,), "bad"), ((), "bad")):
        known = Records({Question(key.name, "TXT"): Answer(records)})
        [found] = of_dkim("example.org", expected, known)
        assert found.state == state
        assert state == "good" or key.record in found.todo
    assert isinstance(expected.without_key, Lack)


def test_a_short_key_is_doubted() -> None:
    short: RSAPrivateKey = generate_rsa(65537, 1024)
    settings = load(SMTP | {"DKIM_KEY": pem(short), "DKIM_SELECTOR": "day1"})
    [doubt] = provider_settings(settings).doubts()
    assert "1024 bits" in doubt.said
