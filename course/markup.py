"""Markdown to safe HTML and to plain text. Raw HTML is shown as text, never obeyed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.parser import HTMLParser
from textwrap import fill
from xml.etree.ElementTree import Element

import nh3
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

SAFE_SCHEMES = {"http", "https", "mailto"}
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
TEXT_WIDTH = 72
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^`\n]*\n(?:.*?\n)?? {0,3}\1[`~]*[ \t]*$", flags=re.M | re.S)
BLOCKS = re.compile(r"(\n[ \t]*\n)")
MOST_LEFT_OPEN = 100
TAG = re.compile("<[^>]*>")
WORD = re.compile(r"\w[\w'’-]*")
ITEM = re.compile(r"[> ]*(-|\d+\.) ")
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")

Address = Callable[[str], str]
"""From an address as the author wrote it to the one the reader gets."""


def as_written(address: str) -> str:
    return address


def to_html(markdown: str, address: Address = as_written) -> str:
    """Safe HTML. Links and pictures go through `address`; other schemes than http(s), mailto lose their link."""
    return nh3.clean(
        _read(markdown, address, "smarty"),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
    )


def _read(markdown: str, address: Address, *extensions: str) -> str:
    # A new object each time: a reused one carries footnotes and references over to the next text.
    reader = Markdown(
        extensions=["tables", "fenced_code", "sane_lists", *extensions, _Safe(address)], output_format="html"
    )
    return reader.convert("".join(_untangled(block) for block in BLOCKS.split(markdown)))


def _untangled(block: str) -> str:
    """Brackets as written where nobody can mean so many: the reader looks for the end of each through the whole
    block, and a line of them would keep lint and studio busy for hours."""
    left_open = max(block.count("[") - block.count("]"), block.count("](") - block.count(")"))
    return block.replace("[", "\\[") if left_open > MOST_LEFT_OPEN else block


def to_inline_html(markdown: str, address: Address = as_written) -> str:
    """The same for one line of text: no paragraph around it."""
    return re.sub(r"^<p>(.*)</p>$", r"\1", to_html(markdown, address).strip(), flags=re.S)


def to_text(markdown: str, address: Address = as_written) -> str:
    """Plain text for a mail's text part: wrapped, every link's address beside its words."""
    writer = _TextWriter()
    writer.feed(to_html(markdown, address))
    return writer.text()


@dataclass(frozen=True, slots=True)
class Gist:
    """How many words a reader reads (markup and addresses are not among them), and every link's and picture's
    address, as written, in order."""

    words: int
    links: tuple[str, ...]


@lru_cache(maxsize=1024)
def gist(markdown: str) -> Gist:
    """Kept, since a course is read again and again while one text of it is written."""
    found: list[str] = []

    def note(address: str) -> str:
        found.append(address)
        return address

    # Never shown, so neither made safe nor set in fine quotes: that takes half the time.
    html = _read(markdown, note)
    return Gist(len(WORD.findall(unescape(TAG.sub(" ", html)))), tuple(found))


def links(markdown: str) -> tuple[str, ...]:
    return gist(markdown).links


def fenced_lines(markdown: str) -> set[int]:
    """The lines, counted from 0, that belong to closed code fences."""
    fenced: set[int] = set()
    for found in FENCE.finditer(markdown):
        first = markdown.count("\n", 0, found.start())
        fenced.update(range(first, first + found[0].count("\n") + 1))
    return fenced


def is_safe(address: str) -> bool:
    """Whether an address has no scheme, or one that may be linked to."""
    scheme, colon, _ = address.partition(":")
    relative = not colon or "/" in scheme or "#" in scheme
    return relative or scheme.lower() in SAFE_SCHEMES


class _Safe(Extension):
    """Leaves raw HTML to be escaped as text, and rewrites addresses."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self.address = address

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.treeprocessors.register(_Addresses(md, self.address), "addresses", 0)


class _Addresses(Treeprocessor):
    def __init__(self, md: Markdown, address: Address) -> None:
        super().__init__(md)
        self.address = address

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                written = element.get(name)
                if written is not None and is_safe(address := _decoded(written)):
                    element.set(name, self.address(address))


def _decoded(written: str) -> str:
    """An address without its entities. Only those that end in a semicolon: `&region=eu` holds no `&reg`."""
    # Python-Markdown writes the letters of a mail address as entities, with a mark of its own for the `&`.
    return ENTITY.sub(lambda found: unescape(found[0]), written.replace(AMP_SUBSTITUTE, "&"))


def _start(text: str) -> int:
    """A list's first number; nine digits as in CommonMark, since int() refuses thousands."""
    return int(text) if len(text) <= 9 else 1


class _TextWriter(HTMLParser):
    """Writes the HTML this module makes as wrapped plain text."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = []
        self._line = ""
        self._href = ""
        self._words = ""
        self._lists: list[int | None] = []
        self._bullet = ""
        self._quote = 0
        self._verbatim = False
        self._cells = 0

    def text(self) -> str:
        self._end_block()
        return "\n\n".join(self._blocks).strip("\n") + "\n"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "a":
                self._href, self._words = given.get("href", ""), ""
            case "img":
                self.handle_data(f"[{given.get('alt', '')}]")
            case "br":
                self._line += "\n"
            case "ul" | "ol":
                self._end_block()
                self._lists.append(_start(given.get("start", "1")) if tag == "ol" else None)
            case "li":
                self._start_item()
            case "blockquote":
                self._end_block()
                self._quote += 1
            case "pre":
                self._end_block()
                self._verbatim = True
            case "td" | "th":
                self._line = self._line.rstrip(" ") + (" | " if self._cells else "")
                self._cells += 1
            case "tr":
                self._cells = 0
            case "hr":
                self._end_block()
                self._blocks.append("* * *")
            case _:
                pass

    def _start_item(self) -> None:
        self._end_block()
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._bullet = "- "
        else:
            self._bullet = f"{number}. "
            self._lists[-1] = number + 1

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "a" if self._href.removeprefix("mailto:") not in ("", self._words):
                self._line += f" ({self._href.removeprefix('mailto:')})"
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._end_block(underline="-" if tag != "h1" else "=")
            case "ul" | "ol":
                self._end_block()
                self._lists.pop()
            case "blockquote":
                self._end_block()
                self._quote -= 1
            case "pre":
                self._end_block()
                self._verbatim = False
            case "tr":
                self._line += "\n"
            case "p" | "li" | "table":
                self._end_block()
            case _:
                pass

    def handle_data(self, data: str) -> None:
        self._words += data
        self._line += data if self._verbatim else re.sub(r"\s+", " ", data)

    def _end_block(self, underline: str = "") -> None:
        content, self._line = self._line.strip("\n" if self._verbatim else None), ""
        if not content.strip():
            return
        indent = "> " * self._quote + "  " * (len(self._lists) - 1)
        first, rest = indent + self._bullet, indent + " " * len(self._bullet)
        lines = [self._wrapped(line.strip(), first, rest) for line in content.split("\n")]
        if self._verbatim:
            lines = ["    " + line for line in content.split("\n")]
        block = "\n".join(lines)
        if underline:
            block += "\n" + underline * min(TEXT_WIDTH, len(block))
        self._append(block)
        self._bullet = ""

    def _append(self, block: str) -> None:
        if self._lists and self._blocks and ITEM.match(self._blocks[-1]) and ITEM.match(block):
            self._blocks[-1] += "\n" + block
        else:
            self._blocks.append(block)

    @staticmethod
    def _wrapped(line: str, first: str, rest: str) -> str:
        return fill(
            line,
            TEXT_WIDTH,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
