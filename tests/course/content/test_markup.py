"""Markdown as HTML, as plain text, and as a number of words."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content.markup.addresses import Address, as_written
from course.content.markup.html import gist, links, to_html, to_inline_html
from course.content.markup.structure import code_lines, structure
from course.content.plain_text import plain_text

Case = tuple[str, str]


def to_text(markdown: str, address: Address = as_written) -> str:
    return plain_text(to_html(markdown, address))


def read_cases() -> dict[str, Case]:
    text = (Path(__file__).parent / "markup_cases.txt").read_text()
    cases: dict[str, Case] = {}
    for case in text.split("==========\n")[1:-1]:
        name, _, rest = case.partition("\n")
        markdown, _, html = rest.partition("\n.\n")
        cases[name] = (markdown, html.rstrip("\n"))
    return cases


CASES = read_cases()


@pytest.mark.parametrize("name", CASES)
def test_the_markdown_becomes_this_html(name: str) -> None:
    markdown, html = CASES[name]
    assert to_html(markdown) == html


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Title\n\nText", "Title\n=====\n\nText\n"),
        ("## Part", "Part\n----\n"),
        ("one\ntwo", "one two\n"),
        ("one  \ntwo", "one\ntwo\n"),
        ("[Map](https://example.org/a)", "Map (https://example.org/a)\n"),
        ("<https://example.org/a>", "https://example.org/a\n"),
        ("<ada@example.org>", "ada@example.org\n"),
        ("[Ada](mailto:ada@example.org)", "Ada (ada@example.org)\n"),
        ("[![Map](media/map.png)](https://example.org)", "[Map] (https://example.org)\n"),
        ("![Map](media/map.png)", "[Map]\n"),
        ("- one\n- two\n    1. three\n    2. four\n", "- one\n- two\n  1. three\n  2. four\n"),
        ("3. three\n4. four", "3. three\n4. four\n"),
        ("> said", "> said\n"),
        ("a\n\n* * *\n\nb", "a\n\n* * *\n\nb\n"),
        ("```\nif a  < b:\n    go\n```", "    if a  < b:\n        go\n"),
        ("| A | B |\n|---|---|\n| 1 | 2 |\n|  | 3 |", "A | B\n1 | 2\n| 3\n"),
        ("a < b &amp; c", "a < b & c\n"),
        ("", "\n"),
    ],
)
def test_the_markdown_becomes_this_plain_text(markdown: str, text: str) -> None:
    assert to_text(markdown) == text


def test_plain_text_is_wrapped_and_long_addresses_stay_whole() -> None:
    address = "https://example.org/" + "a-long-way/" * 12
    lines = to_text(f"{'word ' * 40}[there]({address}) {'word ' * 10}").splitlines()
    assert f"({address})" in lines
    assert all(len(line) <= 72 for line in lines if address not in line)


def test_a_wrapped_list_item_is_indented_below_its_words() -> None:
    lines = to_text("- " + "word " * 30).splitlines()
    assert lines[0].startswith("- word")
    assert all(line.startswith("  word") for line in lines[1:])


def test_the_items_of_a_list_stand_together_however_long_they_are() -> None:
    assert "" not in to_text(f"1. {'word ' * 30}\n2. short\n3. {'word ' * 30}").splitlines()


def test_a_number_of_more_than_nine_digits_begins_no_list() -> None:
    assert to_text("9" * 9 + ". item") == "999999999. item\n"
    assert to_text("9" * 5000 + ". item") == "9" * 5000 + ".\nitem\n"


def test_one_line_has_no_paragraph_around_it() -> None:
    assert to_inline_html("Ask **one** thing.") == "Ask <strong>one</strong> thing."


def test_links_and_pictures_go_through_the_address_function() -> None:
    html = to_html("[a](articles/a.md) ![b](media/b.png)", lambda address: f"https://x.org/{address}")
    assert 'href="https://x.org/articles/a.md"' in html
    assert 'src="https://x.org/media/b.png"' in html
    assert to_text("[a](articles/a.md)", str.upper) == "a (ARTICLES/A.MD)\n"


def test_links_are_told_as_written_and_in_order() -> None:
    markdown = "[a](https://a.org/?x=1&region=2) <https://b.org> <c@d.org> ![p](media/p.png) [e][f]\n\n[f]: g.md"
    assert links(markdown) == (
        "https://a.org/?x=1&region=2",
        "https://b.org",
        "mailto:c@d.org",
        "media/p.png",
        "g.md",
    )


def test_nothing_of_one_text_is_left_in_the_next() -> None:
    to_html("[a]: https://example.org/")
    assert to_html("[a]") == "<p>[a]</p>"


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("one two-three it's", 3),
        ("[two words](https://example.org/not/these)", 2),
        ("a < b and c > d e", 6),
        ("**bold**ness", 2),
        ("# Title\n\n- item\n\n| a | b |\n|---|---|\n| c | d |", 6),
        ("- - -\n\n*** \n\n!!!", 0),
        ("schön größer naïve", 3),
        ("", 0),
    ],
)
def test_words_are_counted_as_a_reader_reads(markdown: str, count: int) -> None:
    assert gist(markdown).word_count == count


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.text("abcdefgh *_`-.!", min_size=1, max_size=20),
            st.text("abcdef123/-_.?=&~%#", max_size=90).map(lambda path: f"https://example.org/{path}"),
            st.sampled_from(["", "- ", "> ", "## ", "1. ", "    ", "| "]),
        ),
        max_size=5,
    )
)
def test_plain_text_keeps_the_address_of_every_link(drawn: list[tuple[str, str, str]]) -> None:
    markdown = "\n\n".join(f"{prefix}[{label}]({address}) end" for label, address, prefix in drawn)
    text = to_text(markdown)
    for address in links(markdown):
        assert address in text


@pytest.mark.parametrize(
    ("markdown", "fenced"),
    [
        ("a\n```\nb\n```\nc", {1, 2, 3}),
        ("```\n```", {0, 1}),
        ("~~~~ text\n~~~\n```\n~~~~\nc", {0, 1, 2, 3}),
        ("````\n```\n````", {0, 1, 2}),
        ("```never closed\n\ntext", {0, 1, 2}),
        ("a\n\n    b\n\n    c\n\nd", {2, 3, 4}),
        ("- a\n\n      b\n\n> ```\n> c", {2, 4, 5}),
        ("```x``` in a sentence\n\ntext\n\n```x``` again", set()),
        ("   ```\n   b\n   ```", {0, 1, 2}),
        ("```\na\n```\nb\n```\nc\n```", {0, 1, 2, 4, 5, 6}),
    ],
)
def test_the_lines_of_code_fences_are_known(markdown: str, fenced: set[int]) -> None:
    assert code_lines(structure(markdown)) == fenced


def test_quotes_and_line_ends_are_as_ever_between_many_blocks() -> None:
    """The line ends between blocks are set aside while quotes are set; those within a block are not."""
    html = to_html('"One"  \n\'two\'\n\n- *a* "b"\n- c\n\n## "d"\n\n> "e" *f*\n')
    assert html == (
        '<p>“One”<br>\n‘two’</p>\n<ul>\n<li><em>a</em> “b”</li>\n<li>c</li>\n</ul>\n<h2 id="at-d">“d”</h2>\n'
        "<blockquote>\n<p>“e” <em>f</em></p>\n</blockquote>"
    )
