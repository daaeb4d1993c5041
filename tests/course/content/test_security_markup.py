"""Nothing an author writes, or pastes, can act in a reader's mail or browser."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.content.markup.html import ATTRIBUTES, TAGS, links, to_html, to_inline_html
from course.content.markup.structure import MOST_NESTED
from course.content.plain_text import plain_text

HARMFUL = ("javascript", "vbscript", "data", "file", "blob", "about", "view-source", "intent")


class Strict(HTMLParser):
    """Reads as leniently as browsers do, and allows only what the world allows."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in ATTRIBUTES.get(tag, set()), (tag, name)
            if name in ("href", "src"):
                self.check(value or "")

    def check(self, address: str) -> None:
        # As browsers do: control characters and spaces around it, tabs and line ends within it do not count.
        seen = "".join(c for c in address.strip("".join(map(chr, range(33)))) if c not in "\t\r\n").lower()
        scheme, colon, _ = seen.partition(":")
        if colon and not any(mark in scheme for mark in "/?#"):
            plain = scheme.replace("+", "").replace("-", "").replace(".", "").isalnum() and scheme.isascii()
            assert scheme in ("http", "https", "mailto") or not plain, address

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a section: {data}")


def check(html: str) -> None:
    strict = Strict()
    strict.feed(html)
    strict.close()


DISGUISES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&amp;colon;alert(1)",
    "javascript&amp;#58;alert(1)",
    "jav&Tab;ascript:alert(1)",
    "jav&NewLine;ascript:alert(1)",
    "jav&#x0A;ascript:alert(1)",
    "jav\tascript:alert(1)",
    "jav\nascript:alert(1)",
    "\x01javascript:alert(1)",
    "\x02javascript:alert(1)\x03",
    "\x0bjavascript:alert(1)",
    "\xa0javascript:alert(1)",
    "\u2028javascript:alert(1)",
    "&#1;javascript:alert(1)",
    " javascript:alert(1)",
    "javascript&#0;:alert(1)",
    "javascript\\:alert(1)",
    "java\\script:alert(1)",
    "javascript://%0aalert(1)",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg/onload=alert(1)>",
    "DATA:text/html,x",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "view-source:javascript:alert(1)",
    "feed:javascript:alert(1)",
]

SHAPES = [
    "[x]({})",
    "[x](<{}>)",
    "[x]( {} )",
    "[x]({} 'title')",
    '[x]({} "t\\"itle")',
    "![x]({})",
    "[![x]({0})]({0})",
    "[x][r]\n\n[r]: {}",
    "[r]\n\n[r]: <{}> 'title'",
    "![x][r]\n\n[r]: {}",
    "<{}>",
    "- [x]({})",
    "| [x]({}) |\n|---|\n| [y]({}) |",
    "`[x]({})` [x]({})",
    "# [x]({})",
]


@pytest.mark.parametrize("address", DISGUISES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_harmful_address_is_never_linked_in_any_disguise(shape: str, address: str) -> None:
    markdown = shape.replace("{0}", address).replace("{}", address)
    html = to_html(markdown)
    check(html)
    check(to_html(markdown, lambda written: written))
    check(to_inline_html(markdown))


def test_a_link_with_a_foreign_scheme_loses_its_address_and_keeps_its_words() -> None:
    assert to_html("[Read on](javascript:alert(1))") == "<p><a>Read on</a></p>"
    assert plain_text(to_html("[Read on](javascript:alert(1))")) == "Read on\n"


@pytest.mark.parametrize("scheme", [*HARMFUL, "tel", "ftp", "x"])
def test_a_foreign_scheme_is_not_told_as_a_link(scheme: str) -> None:
    assert links(f"[x]({scheme}:y) ![x]({scheme.upper()}:y)") == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://x.org/",
        "HTTP://x.org",
        "mailto:a@b.org",
        "articles/a.md",
        "../media/b.png",
        "/a:b",
        "?c=d:e",
    ],
)
def test_a_harmless_address_stays(address: str) -> None:
    assert f'href="{address}"' in to_html(f"[x]({address})")


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//x.org/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<iframe src=https://x.org></iframe>",
        "<style>*{display:none}</style>",
        "<form action=//x.org><input name=a></form>",
        "<!-- comment -->",
        "<!DOCTYPE html>",
        "<?php echo 1 ?>",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<div markdown=1><script>x</script></div>",
        "<b>bold</b>",
        "text <b onmouseover=alert(1)>x</b>",
        "`<script>`<script>alert(1)</script>",
        "```\n</code></pre><script>alert(1)</script>\n```",
        "> <script>alert(1)</script>",
        "- <img src=x onerror=alert(1)>",
        "| <script>x</script> |\n|---|\n| <b>y</b> |",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;",
        "<<script>script>alert(1)<</script>/script>",
        "\\<script>alert(1)\\</script>",
        '[x](https://x.org "\\"><script>alert(1)</script>")',
        '![x"onerror="alert(1)](https://x.org/x.png)',
        '[x](https://x.org/"onclick="alert(1))',
        "\x02wzxhzdk:0\x03<script>x</script>",
        "&#2;wzxhzdk:0&#3;",
        "wzxhzdk:0 klzzwxh:0000",
        "[x]: <script>\n\n[x]",
        '``` { onclick="alert(1)" }\nx\n```',
        "# Title {: onclick=alert(1) }",
    ],
)
def test_raw_html_never_gets_through(raw: str) -> None:
    for shown in (raw, f"before {raw} after", f"**{raw}**", f"- one\n\n    {raw}"):
        html = to_html(shown)
        check(html)
        for tag in ("script", "svg", "iframe", "style", "form", "input", "div", "b>"):
            assert f"<{tag}" not in html.lower()


def test_raw_html_is_shown_to_the_reader_as_the_author_wrote_it() -> None:
    assert plain_text(to_html("Write <b>bold</b> like this.")) == "Write <b>bold</b> like this.\n"


PIECES = st.sampled_from(
    [
        *DISGUISES, "[", "](", ")", "![", "<", ">", "&", ";", '"', "'", "`", "```\n", "~~~\n", "*", "_", "#", "\n",
        "\n\n", "    ", "- ", "1. ", "> ", "|", "---\n", "[r]: ", "\\", "\x02", "\x03", "\t", "\r", "<script>",
        "</script>", "<img src=x onerror=a>", "<!--", "-->", "<![CDATA[", "&#", "&lt;", "x", "é", "\u2028", "\x00",
        "https://x.org", "wzxhzdk:0", "klzzwxh:0001", "amp", "=", ":", "/",
    ]
)  # fmt: skip


@settings(max_examples=700)
@given(st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=80)))
def test_whatever_is_written_becomes_harmless_html_and_some_text(markdown: str) -> None:
    check(to_html(markdown))
    check(to_inline_html(markdown))
    assert plain_text(to_html(markdown)).endswith("\n")
    assert all(isinstance(link, str) for link in links(markdown))


def test_what_is_nested_too_deep_to_follow_is_shown_as_written_from_there_on() -> None:
    for nest in ("- " * 2_000 + "<b>", "\n".join("    " * depth + "- <b>" for depth in range(300)), ">" * 5_000):
        html = to_html(nest)
        assert html.count("<ul>") + html.count("<blockquote>") <= MOST_NESTED
        assert "- - " in html or "&gt;&gt;" in html or "- &lt;b&gt;\n- &lt;b&gt;" in html
        assert "<b>" not in html


@pytest.mark.parametrize("tangle", ["[", "![", "[a]("])
def test_brackets_that_nobody_closes_are_shown_as_written_and_soon(tangle: str) -> None:
    assert to_html(tangle * 5_000) == f"<p>{tangle * 5_000}</p>"
    assert "<a href" in to_html(f"{tangle * 5_000}\n\n[a link](https://x.org)")
