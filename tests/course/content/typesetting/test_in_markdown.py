"""Names in Markdown: across emphasis and links, never in code."""

import pytest

from course.content.markup.html import to_html, to_inline_html
from course.content.typesetting.names import NAME_MARK
from course.content.typesetting.style import Style

NAMELESS = Style("en", names="left out")
NAMED = Style("en", names="marked")

WITHOUT = [
    ("**{{ name }}**, hello", "<p>Hello</p>"),
    ("Hello **{{ name }}**!", "<p>Hello!</p>"),
    ("**Hello {{ name }},** go", "<p><strong>Hello,</strong> go</p>"),
    ("*{{ name }}, this* is it", "<p><em>This</em> is it</p>"),
    ("{{ name }}, [go](https://example.org) on", '<p><a href="https://example.org">Go</a> on</p>'),
    ("{{ name }}, `ls` is it", "<p><code>ls</code> is it</p>"),
    ("{{ name }},\n\nhello", "<p>hello</p>"),
    ("Hello,  \n{{ name }}", "<p>Hello,<br>\n</p>"),
    ("- {{ name }}, one\n- two, {{ name }}", "<ul>\n<li>One</li>\n<li>two</li>\n</ul>"),
    ("![Hello {{ name }}!](a.png)", '<p><img alt="Hello!" src="a.png"></p>'),
    ("{{ name|friend }}, hello", "<p>Friend, hello</p>"),
    ("| {{ name\\|you }} | b |\n|---|---|\n", "<th>You</th>"),
]


@pytest.mark.parametrize(("markdown", "html"), WITHOUT, ids=[case[0] for case in WITHOUT])
def test_a_nameless_reader_gets_a_whole_text(markdown: str, html: str) -> None:
    assert html in to_html(markdown, style=NAMELESS)


@pytest.mark.parametrize("style", [NAMELESS, NAMED], ids=["nameless", "named"])
@pytest.mark.parametrize("code", ["`{{ name }}, x`", "```\n{{ name }}, x\n```", "    {{ name }}, x"])
def test_code_keeps_its_braces(code: str, style: Style) -> None:
    assert "{{ name }}, x" in to_html(code, style=style)


@pytest.mark.parametrize("style", [NAMELESS, NAMED], ids=["nameless", "named"])
def test_a_backslash_writes_braces(style: Style) -> None:
    assert to_inline_html("\\{{ name }}, x", style=style) == "{{ name }}, x"


def test_a_name_is_filled_between_fine_quotes() -> None:
    assert to_inline_html('"{{ name }}"', style=NAMED) == f"“{NAME_MARK}”"
