"""A paste with structure becomes Markdown; code and single lines stay as they are."""

import pytest

from course.incoming.clipboard import pasted

PLAIN = {
    "VS Code": "<meta charset='utf-8'><div style=\"color: #d4d4d4;background-color: #1e1e1e;font-family: Menlo,"
    " Monaco, 'Courier New', monospace;font-weight: normal;font-size: 12px;white-space: pre;\"><div>"
    '<span style="color: #c586c0;">import</span> os</div><br><div># a remark</div></div>',
    "JetBrains": '<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"></head><body><pre'
    " style=\"background-color:#2b2b2b;color:#a9b7c6;font-family:'JetBrains Mono',monospace;font-size:9.8pt;\">"
    '<span style="color:#cc7832;">def </span>f():<br></pre></body></html>',
    "a word of a page": '<meta charset="utf-8"><span style="color: rgb(0, 0, 0); font-weight: 400;">a word</span>',
    "a line of Word": "<p class=MsoNormal><span lang=EN-GB>One line<o:p></o:p></span></p>",
    "a cell of Sheets": '<google-sheets-html-origin><style type="text/css"></style><span>12</span>',
    "nothing": "",
}
STRUCTURED = {
    "two paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo\n"),
    "a bold word": ("a <b>bold</b> word", "a **bold** word\n"),
    "a link": ('<a href="https://a.org">a</a>', "[a](https://a.org)\n"),
    "a list": ("<ul><li>One</li></ul>", "- One\n"),
    "a heading": ("<h2>Begin</h2>", "## Begin\n"),
    "code in a text": ("<p>Run <code>ls -l</code></p>", "Run `ls -l`\n"),
    "a page's code": ("<pre><code>a = 1\n\n\nb</code></pre>", "```\na = 1\n\n\nb\n```\n"),
}


@pytest.mark.parametrize("name", PLAIN)
def test_what_the_plain_text_says_as_well_stays_plain(name: str) -> None:
    assert pasted(PLAIN[name]) is None


@pytest.mark.parametrize("name", STRUCTURED)
def test_structure_becomes_markdown(name: str) -> None:
    html, markdown = STRUCTURED[name]
    converted = pasted(html)
    assert converted
    assert converted.markdown == markdown


def test_a_single_thing_that_is_lost_is_said() -> None:
    converted = pasted("<p><svg></svg></p>")
    assert converted
    assert [problem.code for problem in converted.findings] == ["DL603"]
