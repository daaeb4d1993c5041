"""Whatever an author and a learner write, the bytes are mail, and decode to just that."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from course.addresses.marks import UNSHOWABLE, one_line
from mailer.compose.message import Part, Template
from mailer.compose.mime import Wire, address_value, header, header_value, is_sendable, quoted_printable, wire_of
from tests.support.world.letters import TEMPLATE, letter

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
TRICKY = st.lists(
    st.sampled_from(["\n", "\r\n", "\r", ".", " ", "\t", "=", "=?", "ü", "𝄞", "a" * 71, "--", "<&>"])
).map("".join)
WORDS = ANY | TRICKY


def parsed(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def decoded(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")


@given(st.lists(WORDS, min_size=3, max_size=3), WORDS, WORDS)
@example(["", "." + "0" * 71 + "=0", ""], "", "")
@example(["..\n.", "." * 200, "\n.\n"], ".", "..")
def test_any_text_with_any_values_comes_back(texts: list[str], name: str, note: str) -> None:
    part = Part(tuple(texts), ("name", "note"))
    template = Template("a@example.org", "", Part(("Hi ", ""), ("name",)), part, part, ())
    raw = Wire(template).bytes_of(letter(1, name=name, note=note))
    mail = parsed(raw)
    # Each piece stands alone between soft breaks: line ends do not meet across them.
    pieces = [texts[0], name, texts[1], note, texts[2]]
    assert decoded(mail, "plain") == "".join(map(line_ends, pieces))
    pieces[1::2] = [escape(name), escape(note)]
    assert decoded(mail, "html") == "".join(map(line_ends, pieces))
    assert raw.isascii()
    lines = raw.split(b"\r\n")
    assert not [line for line in lines if b"\r" in line or b"\n" in line or line.startswith(b".")]
    assert not [line for line in lines if line.endswith((b" ", b"\t"))]
    # A header may hold one long word, such as a link.
    assert max(map(len, lines)) <= 998
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 78
    assert raw.endswith(b"--\r\n")


@pytest.mark.parametrize("slots", [((), ()), (("name",), ()), ((), ("name",))])
def test_a_part_needs_no_slots(slots: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    text, html = (Part(("Hello ", "!")[: len(names) + 1], names) for names in slots)
    raw = Wire(Template("a@example.org", "", Part(("Hi",)), text, html, ())).bytes_of(letter(1, name="Ada"))
    for kind, names in zip(("plain", "html"), slots, strict=True):
        assert decoded(parsed(raw), kind) == ("Hello Ada!" if names else "Hello ")


@given(WORDS)
def test_any_subject_comes_back_without_its_controls(words: str) -> None:
    line = header("Subject", f"Day 1: {words}")
    shown = str(parsed(f"{line}\r\n\r\n".encode("ascii"))["Subject"])
    assert shown == one_line(f"Day 1: {words}")
    assert not UNSHOWABLE.search(shown)
    assert all(folded.startswith(" ") for folded in line.split("\r\n")[1:])
    assert not set(line.replace("\r\n ", "")) & {"\r", "\n"}


@given(st.lists(st.text("abc ü.=-", min_size=1, max_size=60), max_size=8).map(" ".join))
def test_header_lines_stay_short(words: str) -> None:
    assert all(len(line) <= 78 for line in header("Subject", words).split("\r\n"))


def test_half_a_character_is_no_reason_to_fail() -> None:
    raw = Wire(TEMPLATE).bytes_of(letter(1, name="half \ud83d", note="half \ud83d"))
    assert "half ?" in decoded(parsed(raw), "plain")


def test_an_endless_word_in_a_header_is_divided() -> None:
    assert max(map(len, header("Feedback-ID", "x" * 5000).split("\r\n"))) <= 78


def test_a_link_in_a_header_stays_whole() -> None:
    links = f"<https://x.example/{'a' * 100}>, <mailto:leave@x.example>"
    assert header_value("List-Unsubscribe", links) == links.replace(", ", ",\r\n ")


@pytest.mark.parametrize("name", ["Ada", "Ada, Countess", 'The "Course"', "Kürs, täglich", "学" * 60])
def test_a_senders_name_comes_back(name: str) -> None:
    quoted = name.replace('"', '\\"')
    line = address_value(f'"{quoted}" <a@example.org>')
    found = parsed(f"From: {line}\r\n\r\n".encode("ascii"))["From"].addresses[0]
    # Python 3.11 shows a space between two encoded words.
    assert found.display_name.replace(" ", "") == name.replace(" ", "")
    assert found.addr_spec == "a@example.org"
    assert max(map(len, line.split("\r\n"))) <= 72


def test_no_words_can_end_a_part() -> None:
    raw = Wire(TEMPLATE).bytes_of(letter(1))
    boundary = parsed(raw).get_boundary()
    again = Wire(TEMPLATE).bytes_of(letter(1, note=f"\n--{boundary}--\n--{boundary}\n"))
    assert len(list(parsed(again).iter_parts())) == 2


def test_a_template_is_compiled_once() -> None:
    assert wire_of(TEMPLATE) is wire_of(TEMPLATE)


def test_dates_carry_their_zone() -> None:
    moment = datetime(2026, 3, 27, 6, tzinfo=UTC)
    assert parsed(Wire(TEMPLATE).bytes_of(letter(1)))["Date"].datetime == moment


@pytest.mark.parametrize(
    "text", ["", ".", "..", "." + "x" * 80, "x" * 72 + ".x", "a ", "a\t", "=", "x" * 144, "x" * 145]
)
def test_small_texts_at_the_edges_come_back(text: str) -> None:
    raw = b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted_printable(text)
    assert parsed(raw).get_payload(decode=True) == text.encode()
    assert not any(line.startswith(b".") or len(line) > 78 for line in quoted_printable(text).split(b"\r\n"))


@pytest.mark.parametrize("email", ["a@b.org", "a+b@b.org", "o'brien@b.org", '"a"@b.org'])
def test_common_addresses_can_be_sent_to(email: str) -> None:
    assert is_sendable(email)


@pytest.mark.parametrize(
    "email", ["", "a", "a b@c.org", "a@b>c.org", "<a@b.org", "a@b.org\n", "ä@b.org", f"{'a' * 320}@b.org"]
)
def test_others_cannot(email: str) -> None:
    assert not is_sendable(email)
