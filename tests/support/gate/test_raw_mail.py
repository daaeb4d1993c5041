"""The gate finds what is wrong with a mail, and lets the good ones through."""

from dataclasses import replace

import pytest

from course.content.mails import MailKind
from mailer.compose.mime import wire_of
from tests.support.author.mail_samples import KINDS, VALUES, compiled
from tests.support.gate.raw_mail import Gate, faults_in
from tests.support.world.letters import letter

ID = "0123456789abcdef" * 2


def good(kind: MailKind = "lesson") -> bytes:
    mail = replace(letter(1), message_id=f"<{ID}@example.org>", slots=VALUES)
    return wire_of(compiled(kind)).bytes_of(mail)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_passes(kind: MailKind) -> None:
    assert faults_in(good(kind)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"Subject: ", b"Subject: \xff"),
        (b"Subject: ", b"Subject: =?utf-8?B?w?= "),
        (b"Reply-To: ", b"X-Empty: \r\nReply-To: "),
        (b"Reply-To: ", b"Subject: another\r\nReply-To: "),
        (b"Reply-To: ", b"X-From: localhost\r\nReply-To: "),
        (b"Reply-To: ", b"X-Long: " + b"x" * 1000 + b"\r\nReply-To: "),
        (b"Auto-Submitted: auto-generated\r\n", b""),
        (b"Content-Language: en\r\n", b""),
        (b"auto-generated", b"no"),
        (b"bread-at-home.example.org", b"bread-at-home.localhost"),
        (b"bread-at-home.example.org", b"bread-at-home.learn.example.com"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe"),
        (b"List-Unsubscribe: <https:", b"List-Unsubscribe: <gopher:"),
        (f"<{ID}@example.org>".encode(), b"<1@localhost>"),
        (b"+0000", b"-0000"),
        (b"\r\n\r\n--=_", b"\n\n--=_"),
        (b"charset=3D", b"\0"),
        (b"https://learn.example.org/unsubscribe/=\r\nleave-token", b""),
    ],
)
def test_each_kind_of_fault_is_found(before: bytes, after: bytes) -> None:
    assert before in good()
    assert faults_in(good().replace(before, after, 1)) != []


def test_two_mails_of_one_name_are_found_and_a_copy_of_a_mail_is_none() -> None:
    gate = Gate()
    gate.catch(good())
    gate.catch(good())
    assert gate.judged() == []
    gate.catch(good())
    gate.catch(good().replace(b"X-Dayletter-Delivery: ", b"X-Dayletter-Delivery: x"))
    assert len(gate.judged()) == 1
