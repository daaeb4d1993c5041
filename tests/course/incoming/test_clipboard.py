"""Text from Word, Google Docs, Notion and others becomes our Markdown, and what cannot is said where it stood."""

import re
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.errors import Refused
from course.incoming.clean import true_address
from course.incoming.from_html import markdown_of
from course.lint import lint
from course.lint.draft import draft_of
from tests.support.project import ROOT

SOURCE = (ROOT / "tests/course/incoming/clipboard.txt").read_text()
CASES = {
    case.partition("\n")[0]: case.partition("\n")[2].split("\n.....\n")
    for case in re.split(r"^#{5} ", SOURCE, flags=re.M)[1:]
}


def as_shown(markdown: str) -> str:
    return re.sub(r"\|[ ]+(?=\|)", "| ", markdown.strip())


@pytest.mark.parametrize("name", CASES)
def test_a_clipboard_becomes_this_markdown_with_these_findings(name: str) -> None:
    html, wanted, codes = CASES[name][0], CASES[name][1], (*CASES[name][2:], "")[0]
    converted = markdown_of(html)
    assert as_shown(converted.markdown) == as_shown(wanted)
    assert sorted(problem.code for problem in converted.findings) == sorted(codes.split())


@pytest.mark.parametrize("name", CASES)
def test_what_becomes_of_it_has_no_error_in_a_lesson(name: str) -> None:
    markdown = markdown_of(CASES[name][0]).markdown
    texts = {"course.md": "---\ntitle: T\n---\n", "1-a.md": f"---\ntitle: A\n---\n\n{markdown}"}
    problems = lint(draft_of("c", texts, {}))
    assert [str(problem) for problem in problems if problem.level == "error" or problem.code == "DL207"] == []


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_at_a_line_with_words(name: str) -> None:
    converted = markdown_of(CASES[name][0], "1-a.md")
    lines = converted.markdown.split("\n")
    for problem in converted.findings:
        assert lines[problem.line - 1].strip()
        assert problem.path == "1-a.md"


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("https://www.google.com/url?q=https://a.org/b%3Fc&sa=D", "https://a.org/b?c"),
        ("https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.org%2F&data=1", "https://a.org/"),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Fa.org%2F&h=1", "https://a.org/"),
        ("https://www.google.com/search?q=bread", "https://www.google.com/search?q=bread"),
        ("https://a.org/[x", "https://a.org/[x"),
        ("mailto:a@b.org", "mailto:a@b.org"),
    ],
)
def test_a_link_by_way_of_somebody_leads_where_it_leads(address: str, leads_to: str) -> None:
    assert true_address(address) == leads_to


def test_what_is_nested_deeper_than_any_text_is_refused() -> None:
    with pytest.raises(Refused, match="nested"):
        markdown_of("<div>" * 5000 + "x")


def test_what_is_too_big_is_refused() -> None:
    with pytest.raises(Refused, match="MB"):
        markdown_of("x" * 4_000_001)


@pytest.mark.parametrize(
    "piece", ["<p>x</p>", "<b>x</b>", "<li>x</li>", "<!--", "<", "<a href=x>", "* ", "<br>", "<![if x]>", "&amp;"]
)
def test_a_big_one_takes_its_time_and_no_more(piece: str) -> None:
    before = process_time()
    with suppress(Refused):
        markdown_of(piece * (100_000 // len(piece)))
    assert process_time() - before < 12


PIECES = [
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<ul>",
        "</ul>",
        "<li>",
        "<ol>",
        "<table>",
        "<tr>",
        "<td rowspan=3>",
        "<td colspan=2>",
        "x",
    ),
    *(
        "<p style='mso-list:l0 level3 lfo1'>",
        "<span style='mso-list:Ignore'>1.</span>",
        "<br>",
        "<pre>",
        "<code>",
        "</pre>",
    ),
    *(
        "<a href='https://a.org/)('>",
        "</a>",
        "<img src=x>",
        "<del cite=x>",
        "&#xFDD0;0&#xFDD1;",
        "<!",
        "<?x",
        "</",
        "<p",
        "\0",
        "&#0;",
        "<![if",
        "<!--",
        "\n",
        "**",
    ),
    *(
        "<li role=checkbox>",
        "<ul><ul>",
        "<o:p>",
        "<h1>",
        "<h4>",
        "<aside>",
        "<details><summary>",
        "<input type=checkbox>",
        "_",
    ),
    *(
        "<ul><li data-aria-level=2>",
        "<div id=ftn1>",
        "<a href='#_ftn1'>",
        "<svg>",
        "<math>",
        "\u00a0",
        "# ",
        "- ",
        "<hr>",
    ),
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join))
def test_whatever_lies_on_a_clipboard_there_is_no_accident(html: str) -> None:
    converted = markdown_of(html)
    last = converted.markdown.count("\n") + 1
    assert all(1 <= problem.line <= last for problem in converted.findings)
    assert not re.search("[\ufdd0-\ufdd2\0]", converted.markdown)
