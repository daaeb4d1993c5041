"""What another reader of Markdown, markdown-it-py, finds in a text: the structure that both should agree on."""

from html.parser import HTMLParser
from urllib.parse import unquote

from markdown_it import MarkdownIt

from course.content.markup.html import to_html

BLOCKS = {
    "p", "ul", "ol", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "table", "thead", "tbody", "tr", "td", "th",
}  # fmt: skip
THEIRS = (
    MarkdownIt("commonmark", {"html": False, "linkify": True})
    .enable(["table", "strikethrough", "linkify"])
    .disable(["html_block", "html_inline"])
)


def ours(text: str) -> list[str]:
    """The structure that we find."""
    return _structure(to_html(text))


def theirs(text: str) -> list[str]:
    """The structure that markdown-it finds, in the same terms."""
    return _structure(str(THEIRS.render(text)))


class _Structure(HTMLParser):
    """Blocks and how they lie within each other, code as it is written, where links and pictures lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._code: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.found.append(f"<{tag}{given.get('start', '')}>")
        elif tag == "code":
            self._code = []
        elif tag == "a":
            self.found.append(f"to {unquote(given.get('href', ''))}")
        elif tag == "img":
            self.found.append(f"shows {unquote(given.get('src', ''))}")
        elif tag in ("del", "s"):
            self.found.append("struck")

    def handle_endtag(self, tag: str) -> None:
        if tag == "code":
            self.found.append(f"code {''.join(self._code or ()).rstrip()}")
            self._code = None
        elif tag in BLOCKS and tag != "hr":
            self.found.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self._code is not None:
            self._code.append(data)


def _structure(html: str) -> list[str]:
    reader = _Structure()
    reader.feed(html)
    return reader.found
