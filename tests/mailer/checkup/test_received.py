"""A mail as it was received: signatures made by another library, and what servers on the way make of them."""

from base64 import b64encode

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from course.checkup import Finding
from mailer.checkup.judges.received import of_results, of_signatures, results_of

RSA = generate_private_key(65537, 2048)
ED25519 = Ed25519PrivateKey.generate()
NAME = "day1._domainkey.x.org"
MAIL = (
    b"Received: from a by b;\r\n Tue, 1 Dec 2026 12:00:00 +0000\r\nFrom: Dayletter <a@x.org>\r\nTo: b@y.org\r\n"
    b"Subject:  folded\r\n\t and  blank \r\nDate: Tue, 1 Dec 2026 12:00:00 +0000\r\n\r\n"
    b"Hello  there \r\n\r\n.dot\r\n\r\n\r\n"
)


def signed(
    kind: str = "rsa", canon: bytes = b"relaxed/relaxed", domain: bytes = b"x.org", **more: object
) -> bytes:
    if kind == "rsa":
        key = RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    else:
        raw = ED25519.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        key = b64encode(raw)
    canons = tuple(canon.split(b"/"))
    header: bytes = dkim.sign(
        MAIL,
        b"day1",
        domain,
        key,
        canonicalize=canons,
        signature_algorithm=f"{kind}-sha256".encode(),
        include_headers=[b"From", b"To", b"Subject", b"Date", b"From"],
        **more,
    )
    return header + MAIL


def record(kind: str = "rsa") -> str:
    if kind == "rsa":
        data = RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        data = ED25519.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={b64encode(data).decode()}"


def judged(mail: bytes, text: str | None = None) -> Finding:
    records = {NAME: () if text == "" else (text or record(),)}
    [found] = of_signatures(mail, "x.org", records)
    return found


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("canon", [b"relaxed/relaxed", b"simple/simple", b"relaxed/simple", b"simple/relaxed"])
def test_what_another_library_signed_holds(kind: str, canon: bytes) -> None:
    assert judged(signed(kind, canon), record(kind)).state == "good"


def test_what_comes_after_the_part_that_is_signed_is_not_looked_at() -> None:
    mail = signed(canon=b"simple/simple", length=True) + b"-- \r\nA footer\r\n"
    assert b" l=23;" in mail
    assert judged(mail).state == "good"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"Hello", b"Goodbye", "the text was changed"),
        (b"\r\n\r\n\r\n", b"\r\n-- \r\nA footer\r\n", "the text was changed"),
        (b"Subject:  folded", b"Subject: [list] folded", "a header was changed"),
        (b"From: Dayletter", b"From: Somebody <c@x.org>\r\nFrom: Dayletter", "a header was changed"),
        (b"a=rsa-sha256", b"a=rsa-sha1", "of the kind rsa-sha1"),
    ],
)
def test_what_was_changed_on_the_way_is_told(old: bytes, new: bytes, why: str) -> None:
    mail = signed()
    assert old in mail
    found = judged(mail.replace(old, new))
    assert (found.state, why in found.said, bool(found.todo)) == ("bad", True, True)


def test_another_key_a_broken_one_and_none_are_bad() -> None:
    other = generate_private_key(65537, 1024).public_key()
    data = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert "another key" in judged(signed(), f"p={b64encode(data).decode()}").said
    assert judged(signed(), "v=DKIM1; p=hello").state == "bad"
    assert "no such record" in judged(signed(), "").said


def test_a_signature_in_another_name_is_as_good_as_none() -> None:
    found = judged(signed(domain=b"relay.example"))
    assert (found.state, "without a signature in the name of x.org" in found.said) == ("bad", True)
    assert judged(MAIL).state == "bad"


def test_garbage_is_no_signature() -> None:
    for field in (b"DKIM-Signature: hello\r\n", b"DKIM-Signature: v=1; a=b\r\n", b"DKIM-Signature: \xff=\r\n"):
        assert judged(field + MAIL).state == "bad"
        assert judged(field + signed()).state == "good"


@pytest.mark.parametrize(
    ("header", "state"),
    [
        ("mx.google.com; dkim=pass header.i=@x.org (a; b); spf=pass (ok) smtp.mailfrom=x.org; dmarc=pass", "good"),
        ("mx.example.org; spf=softfail smtp.mailfrom=x.org; dkim=pass header.d=x.org; dmarc=pass", "warning"),
        ("mx.example.org; dkim=fail; dkim=pass header.d=x.org; spf=none", "good"),
        ("mx.example.org; dkim=none; spf=fail; dmarc=fail", "bad"),
        ("mx.example.org; dmarc=fail", "bad"),
        ("mx.example.org; none", ""),
        ("", ""),
    ],
)
def test_what_the_receiving_server_found_is_told(header: str, state: str) -> None:
    mail = f"Authentication-Results: {header}\r\n".encode() + MAIL if header else MAIL
    assert [one.state for one in of_results(mail)] == ([state] if state else [])


def test_the_topmost_counts_since_it_was_added_last() -> None:
    mail = (
        b"Authentication-Results: ours; spf=fail; dmarc=fail\r\nAuthentication-Results: forged; dmarc=pass\r\n"
        + MAIL
    )
    assert [one.state for one in of_results(mail)] == ["bad"]
    assert results_of("x; SPF = Pass") == {"spf": "pass"}
