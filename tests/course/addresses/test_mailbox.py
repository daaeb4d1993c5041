"""Senders and places for answers, as operators write them."""

from email.utils import parseaddr

import pytest

from course.addresses.mailbox import mailbox, read_mailbox

READ = (
    ("kurs@example.org", "kurs@example.org"),
    ("<kurs@example.org>", "kurs@example.org"),
    ("Kurs <kurs@example.org>", "Kurs <kurs@example.org>"),
    ("Kurs<kurs@example.org>", "Kurs <kurs@example.org>"),
    ("  Der  Kurs   < kurs@example.org > ", "Der Kurs <kurs@example.org>"),
    ("Kurs <Kurs@Example.ORG>", "Kurs <Kurs@example.org>"),
    ("Kurs <kurs@bücher.example>", "Kurs <kurs@xn--bcher-kva.example>"),
    ("Bücher <kurs@BÜCHER.example>", "Bücher <kurs@xn--bcher-kva.example>"),
    ("学習 <kurs@例え.jp>", "学習 <kurs@xn--r8jz45g.jp>"),
    ('"Kurs" <kurs@example.org>', "Kurs <kurs@example.org>"),
    ("Verlag, Kurse <kurs@example.org>", '"Verlag, Kurse" <kurs@example.org>'),
    ('"Verlag, Kurse" <kurs@example.org>', '"Verlag, Kurse" <kurs@example.org>'),
    ("Kurse (neu): Dr. Ada <kurs@example.org>", '"Kurse (neu): Dr. Ada" <kurs@example.org>'),
    (r'"Ada \"A\" \\ B" <kurs@example.org>', r'"Ada \"A\" \\ B" <kurs@example.org>'),
    ('"<Kurs>" <kurs@example.org>', '"<Kurs>" <kurs@example.org>'),
    ("O'Neil & Co <kurs@example.org>", "O'Neil & Co <kurs@example.org>"),
)  # fmt: skip

REFUSED = (
    ("Kurs", "needs one @"),
    ("a b@x.org", "There is a space"),
    ("a b@x", "There is a space"),
    ("Kurs kurs@example.org", "There is a space"),
    ("a@x.org, b@x.org", "needs one @"),
    ("a@x.org b@x.org", "needs one @"),
    ("A <a@x.org>, B <b@x.org>", "needs one @"),
    ("A <a@x.org> <b@x.org>", "needs one @"),
    ("A <a@x.org, b@x.org>", "needs one @"),
    ("A <>", "Please give"),
    ("A <a@x.org", "write one address"),
    ("a@x.org>", "write one address"),
    ('"A <a@x.org>', "write one address"),
    ("kurs@localhost", "letter by letter"),
    ("jürgen@example.org", "accents"),
    ("Kurs <kurs@exa mple.org>", "There is a space"),
    ("Kurs <kurs@example.org>\r\nBcc: b@x.org", "cannot be shown"),
    ("Kurs \u202e <kurs@example.org>", "cannot be shown"),
)


@pytest.mark.parametrize(("written", "kept"), READ)
def test_a_mailbox_is_kept_as_headers_hold_it(written: str, kept: str) -> None:
    assert read_mailbox(written) == kept
    assert read_mailbox(kept) == kept
    assert parseaddr(kept)[1].isascii()
    assert mailbox(*parseaddr(kept)) == kept


@pytest.mark.parametrize(("written", "why"), REFUSED)
def test_what_is_no_mailbox_is_told_why(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_mailbox(written)
