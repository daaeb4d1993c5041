"""A text that comes back from a browser unchanged is the file, byte for byte."""

import re

from hypothesis import given
from hypothesis import strategies as st

from course.drafts.line_ends import as_in, to_newlines

TEXTS = st.lists(st.sampled_from(["a", "b", "longer line", "", " ", "\r\n", "\n", "\r"])).map("".join)


def through_a_browser(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


@given(TEXTS)
def test_an_unchanged_text_comes_back_as_it_was(text: str) -> None:
    assert as_in(text, through_a_browser(text)) == text
    assert as_in(text, to_newlines(text)) == text


@given(TEXTS, TEXTS)
def test_the_words_are_always_the_edited_ones(original: str, edited: str) -> None:
    assert to_newlines(as_in(original, through_a_browser(edited))) == to_newlines(edited)


@given(TEXTS, st.integers(0, 200), st.sampled_from(["\r\n", "\n", "\r"]))
def test_a_file_of_one_kind_of_line_end_stays_of_one_kind(text: str, at: int, end: str) -> None:
    original = to_newlines(text).replace("\n", end) + f"last{end}"
    edited = original[:at] + "x\ny" + original[at:]
    found = as_in(original, through_a_browser(edited))
    assert set(re.findall(r"\r\n|\r|\n", found)) <= {end}


def test_a_new_line_among_mixed_ends_gets_the_usual_one_and_the_rest_keep_theirs() -> None:
    assert as_in("a\r\nb\nc\nd", "a\r\nb\r\nnew\r\nc\r\nd") == "a\r\nb\nnew\nc\nd"


def test_an_empty_line_between_two_kinds_of_line_end_is_not_lost() -> None:
    assert to_newlines(as_in("\ra\na\n", "\r\n\r\n")) == "\n\n"


def test_a_long_text_of_empty_lines_keeps_its_ends_around_what_was_changed() -> None:
    """Comparing its lines with each other would take hours."""
    original = "\n\r\n" * 20_000
    edited = through_a_browser(original)
    assert as_in(original, edited) == original
    assert (
        as_in(original, f"{edited[:40_000]}word{edited[40_000:]}") == f"{original[:30_000]}word{original[30_000:]}"
    )
