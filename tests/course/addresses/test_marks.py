"""Signs that nobody sees, on one line of a header or a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.addresses.marks import UNSHOWABLE, one_line

STAY = [
    "می‌خواهم بنویسم",
    "👨‍👩‍👧 family",
    "Donau\u00addampfer",
    "e\u0301te\u0301",
    "क्‍ष",
    "« oui »",
    "a\u202f!",
    "a\u3000b",
    "\u200fעברית",
    "ﾊﾝｶｸ",
    "𠀀",
    "한국어",
]


@pytest.mark.parametrize("text", STAY, ids=ascii)
def test_every_script_survives(text: str) -> None:
    assert one_line(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a\r\nBcc: b", "a Bcc: b"),
        ("a\0\x1b\x85b", "a b"),
        ("a\u2028\u2029b", "a b"),
        ("a\ud800b", "a b"),
        ("a\u202ecba\u202c", "acba"),
        ("\u2067a\u2069", "a"),
        ("  a   b ", "a b"),
    ],
    ids=ascii,
)
def test_what_breaks_a_line_or_turns_it_goes(text: str, left: str) -> None:
    assert one_line(text) == left


@given(st.text())
def test_any_text_is_one_line_that_can_be_shown(text: str) -> None:
    line = one_line(text)
    assert not UNSHOWABLE.search(line)
    assert one_line(line) == line
