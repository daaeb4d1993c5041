"""Signed tokens: what was made for one thing opens nothing else, and nothing altered opens anything."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailer.signer import MARK as FORMER_MARK
from mailer.signer import BadToken, Mark, Signer, mail_name

SIGNER = Signer(("a" * 32,))
DELIVERY = "0123456789abcdef" * 2
MAIL = mail_name(5, "lesson", "dough-1")
MARK = Mark(DELIVERY, 7, 3, MAIL)
BIG = st.integers(0, 2**64 - 1)
SMALL = st.integers(0, 2**32 - 1)
HEX_16 = st.binary(min_size=8, max_size=8).map(bytes.hex)
HEX_32 = st.binary(min_size=16, max_size=16).map(bytes.hex)
MARKS = st.builds(Mark, HEX_32, BIG, SMALL, HEX_16)

MADE: dict[str, Callable[[Signer], str]] = {
    "learn": lambda signer: signer.learn(7, 3),
    "confirm": lambda signer: signer.confirm(7, 0, 3),
    "unsubscribe": lambda signer: signer.unsubscribe(7),
    "pixel": lambda signer: signer.pixel(DELIVERY),
    "click": lambda signer: signer.click(MARK),
    "calendar": lambda signer: signer.calendar(7, 3),
    "shared": lambda signer: signer.shared(7, "dough-1"),
    "sign-in": lambda signer: signer.sign_in(DELIVERY),
    "agree": lambda signer: signer.agree(DELIVERY),
    "wish": lambda signer: signer.wish(DELIVERY, 3),
    "known": lambda signer: signer.known("ada"),
    "registered": lambda signer: signer.registered("ada@example.org"),
    "link": lambda signer: signer.link(MAIL, "https://example.org/a?b=c#d"),
    "former mark": lambda signer: signer._sign("mark", FORMER_MARK.pack(bytes.fromhex(DELIVERY), 7, 3)),
    "former link": lambda signer: signer._sign("link", b"https://example.org/a?b=c#d"),
}
READ: dict[str, Callable[[Signer, str], object]] = {
    "learn": lambda signer, token: signer.read_learn(token),
    "confirm": lambda signer, token: signer.read_confirm(token),
    "unsubscribe": lambda signer, token: signer.read_unsubscribe(token),
    "pixel": lambda signer, token: signer.read_pixel(token),
    "click": lambda signer, token: signer.read_click(token),
    "calendar": lambda signer, token: signer.read_calendar(token),
    "shared": lambda signer, token: signer.read_shared(token),
    "sign-in": lambda signer, token: signer.read_sign_in(token),
    "wish": lambda signer, token: signer.read_wish(token),
    "known": lambda signer, token: signer.read_known(token),
    "agree": lambda signer, token: signer.read_agree(token),
    "registered": lambda signer, token: signer.read_registered(token),
    "link": lambda signer, token: signer.read_link(token),
    "former mark": lambda signer, token: signer.read_former_mark(token),
    "former link": lambda signer, token: signer.read_former_link(token),
}
VALUES = {
    "learn": (7, 3),
    "confirm": (7, 0, 3),
    "pixel": DELIVERY,
    "click": MARK,
    "calendar": (7, 3),
    "shared": (7, "dough-1"),
    "sign-in": DELIVERY,
    "wish": (DELIVERY, 3),
    "known": "ada",
    "agree": DELIVERY,
    "registered": "ada@example.org",
    "unsubscribe": 7,
    "link": (MAIL, "https://example.org/a?b=c#d"),
    "former mark": Mark(DELIVERY, 7, 3, ""),
    "former link": "https://example.org/a?b=c#d",
}
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize("purpose", MADE)
def test_a_token_opens_what_it_was_made_for(purpose: str) -> None:
    assert READ[purpose](SIGNER, MADE[purpose](SIGNER)) == VALUES[purpose]


@pytest.mark.parametrize("made", MADE)
@pytest.mark.parametrize("read", READ)
def test_a_token_of_one_purpose_never_opens_another(made: str, read: str) -> None:
    # The pixel of a mail that was sent before counts on: it opens nothing.
    if made != read and (made, read) != ("former mark", "pixel"):
        with pytest.raises(BadToken):
            READ[read](SIGNER, MADE[made](SIGNER))


@pytest.mark.parametrize("purpose", MADE)
def test_a_token_altered_at_any_position_is_bad(purpose: str) -> None:
    token = MADE[purpose](SIGNER)
    for position, old in enumerate(token):
        for new in (set(BASE64) | set("=+/ .~\n\0é")) - {old}:
            with pytest.raises(BadToken):
                READ[purpose](SIGNER, token[:position] + new + token[position + 1 :])


@pytest.mark.parametrize("purpose", MADE)
def test_a_token_with_letters_more_or_less_is_bad(purpose: str) -> None:
    token = MADE[purpose](SIGNER)
    others = [token[:n] for n in range(len(token))] + [token[n:] for n in range(1, len(token))]
    others += [token + letter for letter in "A=_ \n."] + [f" {token}", token * 2, token + "==", token.upper()]
    for other in others:
        with pytest.raises(BadToken):
            READ[purpose](SIGNER, other)


@pytest.mark.parametrize("purpose", MADE)
def test_other_spellings_of_the_same_bytes_are_bad(purpose: str) -> None:
    token = MADE[purpose](SIGNER)
    data = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    spelled = {token + "=" * (-len(token) % 4), *(token[:-1] + letter for letter in BASE64)} - {token}
    plain = token.replace("-", "+").replace("_", "/")
    for other in (spelled | {plain, f"{token[:4]}!{token[4:]}"}) - {token}:
        with pytest.raises(BadToken):
            READ[purpose](SIGNER, other)
    assert urlsafe_b64encode(data).rstrip(b"=").decode() == token


@pytest.mark.parametrize("purpose", MADE)
def test_a_token_of_another_house_is_bad(purpose: str) -> None:
    with pytest.raises(BadToken):
        READ[purpose](SIGNER, MADE[purpose](Signer(("b" * 32,))))


@pytest.mark.parametrize("purpose", MADE)
def test_secrets_rotate_without_breaking_what_was_sent(purpose: str) -> None:
    old, both, new = Signer(("o" * 32,)), Signer(("n" * 32, "o" * 32)), Signer(("n" * 32,))
    assert READ[purpose](both, MADE[purpose](old)) == VALUES[purpose]
    assert MADE[purpose](both) == MADE[purpose](new), "the first secret signs"
    with pytest.raises(BadToken):
        READ[purpose](new, MADE[purpose](old))


@pytest.mark.parametrize("purpose", MADE)
def test_a_token_fits_into_a_path(purpose: str) -> None:
    assert set(MADE[purpose](SIGNER)) <= set(BASE64)


@given(BIG, SMALL, MARKS, st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_value_comes_back(big: int, small: int, mark: Mark, target: str) -> None:
    assert SIGNER.read_learn(SIGNER.learn(big, small)) == (big, small)
    assert SIGNER.read_confirm(SIGNER.confirm(big, small, small)) == (big, small, small)
    assert SIGNER.read_unsubscribe(SIGNER.unsubscribe(big)) == big
    assert SIGNER.read_click(SIGNER.click(mark)) == mark
    assert SIGNER.read_pixel(SIGNER.pixel(mark.delivery)) == mark.delivery
    assert SIGNER.read_link(SIGNER.link(mark.mail, target)) == (mark.mail, target)


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=80), st.text(BASE64, max_size=80)))
def test_what_somebody_makes_up_is_bad(token: str) -> None:
    for read in READ.values():
        with pytest.raises(BadToken):
            read(SIGNER, token)


@given(BIG, SMALL, BIG, SMALL)
def test_other_values_have_other_tokens(a: int, b: int, c: int, d: int) -> None:
    assert (SIGNER.learn(a, b) == SIGNER.learn(c, d)) == ((a, b) == (c, d))


def test_a_link_that_holds_another_purposes_bytes_still_opens_only_itself() -> None:
    # Were the purpose not part of what is signed, this text would be a learner's token.
    with pytest.raises(BadToken):
        SIGNER.read_learn(SIGNER.link("00" * 8, "\0" * 4))
    assert SIGNER.read_link(SIGNER.link("00" * 8, "\0" * 4)) == ("00" * 8, "\0" * 4)


def test_the_pixel_of_a_mail_from_before_is_still_read() -> None:
    assert SIGNER.read_pixel(MADE["former mark"](SIGNER)) == DELIVERY


def test_each_text_has_a_name_of_its_own() -> None:
    names = {
        mail_name(*of) for of in ((1, "lesson", "a"), (2, "lesson", "a"), (1, "again", "a"), (1, "lesson", "b"))
    }
    assert len(names) == 4
