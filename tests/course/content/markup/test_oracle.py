"""What GitHub and CommonMark read as structure is structure here: blocks, nesting, code, where links lead."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.support.author.oracle import ours, theirs

CORPUS = (Path(__file__).parent / "corpus.txt").read_text().split("\n=====\n")

MARKS = ("", "- ", "* ", "+ ", "1. ", "2) ", "> ", "  ", "   ", "- [ ] ", "-   ", "\t", "- - ", "> - ")
PIECES = (
    "text", "two words", "# head", "## head ##", "---", "===", "***", "```", "~~~", "```js {1}", "`code`", "**b**",
    "[x]: /url", "[x]", "[l](/u)", "![p](/i.png)", "| a | b |", "|---|:-:|", "| c | d |", "<https://e.org/x>",
    "https://e.org/a.", "~~s~~", "\\# no", "a | b", "-", "1.", "", "",
)  # fmt: skip
LINES = st.tuples(st.sampled_from(MARKS), st.sampled_from(PIECES)).map("".join)
SPANS = (
    "`", "``", "a", "b c", " ", "*", "**", "_", "[", "]", "](/u)", "![", "\\", "&amp;", " https://e.org/x ",
    "(", ")", "\n", "~~", '"',
)  # fmt: skip


@pytest.mark.parametrize("text", CORPUS, ids=lambda text: text[:30])
def test_we_find_what_another_reader_finds(text: str) -> None:
    assert ours(text) == theirs(text)


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 150


@settings(max_examples=600)
@given(st.lists(LINES, max_size=7).map("\n".join).filter(lambda text: not is_disputed(text)))
@example("- a\n\n      code\n- b")
def test_we_find_the_same_blocks_in_whatever_lines(text: str) -> None:
    assert ours(text) == theirs(text)


@settings(max_examples=600)
@given(st.lists(st.sampled_from(SPANS), max_size=10).map("".join).filter(lambda text: not is_disputed_line(text)))
def test_we_find_the_same_code_and_links_in_whatever_line(text: str) -> None:
    assert ours(text) == theirs(text)


def is_disputed(text: str) -> bool:
    """Where we go by CommonMark 0.31 and markdown-it does otherwise: a paragraph in quotes within others may go on
    in a line that looks like code, an empty item with blank lines after it ends no list, and a blank line within
    code makes no list loose, and the head of a table stands where its other lines do."""
    in_quotes = ">" in text and ("\t" in text or "    " in text)
    head_elsewhere = re.search(r"(?m)^[ \t]*(?:[-*+>]|\d[.)]).*\n[ \t>]*\|?[ \t]*:?-", text)
    return (
        in_quotes
        or bool(head_elsewhere)
        or bool(re.search(r"(?m)(?:[-*+]|\d[.)]|```.*|~~~)[ \t]*\n[ \t>]*\n", text))
    )


def is_disputed_line(text: str) -> bool:
    """Three tildes strike nothing on GitHub, white space at the start of a line is none of its words, and a link
    in the words of a picture lies in no other link."""
    return "~~~" in text or ("`" in text and "\n " in text) or bool(re.search(r"\[.*!\[.*\[", text, flags=re.S))
