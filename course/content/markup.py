"""Markdown to safe HTML. Raw HTML is shown as text, never obeyed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

import nh3
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from course.content.reading_time import words_worth
from course.content.typesetting.extension import Typesetting
from course.content.typesetting.style import Style

SAFE_SCHEMES = {"http", "https", "mailto"}
TAGS = {
    "a", "blockquote", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}}
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^`\n]*\n(?:.*?\n)?? {0,3}\1[`~]*[ \t]*$", flags=re.M | re.S)
BLOCKS = re.compile(r"(\n[ \t]*\n)")
MOST_LEFT_OPEN = 100
TAG = re.compile("<[^>]*>")
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")

Address = Callable[[str], str]
"""From an address as the author wrote it to the one the reader gets."""


AS_WRITTEN = Style()


def as_written(address: str) -> str:
    return address


def to_html(markdown: str, address: Address = as_written, style: Style = AS_WRITTEN) -> str:
    """Safe HTML. Links and pictures go through `address`; other schemes than http(s), mailto lose their link."""
    return nh3.clean(
        _read(markdown, address, Typesetting(style)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
    )


def _read(markdown: str, address: Address, *extensions: Extension) -> str:
    # A new object each time: a reused one carries footnotes and references over to the next text.
    reader = Markdown(
        extensions=["tables", "fenced_code", "sane_lists", *extensions, _Safe(address)], output_format="html"
    )
    source = "".join(_untangled(block) for block in BLOCKS.split(markdown))
    try:
        return reader.convert(source)
    except RecursionError:  # lists within lists, hundreds deep, are shown as they are written
        return f"<p>{escape(source)}</p>"


def _untangled(block: str) -> str:
    """Brackets as written where nobody can mean so many: the reader looks for the end of each through the whole
    block, and a line of them would keep lint and studio busy for hours."""
    left_open = max(block.count("[") - block.count("]"), block.count("](") - block.count(")"))
    return block.replace("[", "\\[") if left_open > MOST_LEFT_OPEN else block


def to_inline_html(markdown: str, address: Address = as_written, style: Style = AS_WRITTEN) -> str:
    """Turn one line of Markdown into safe HTML without a paragraph around it."""
    return re.sub(r"^<p>(.*)</p>$", r"\1", to_html(markdown, address, style).strip(), flags=re.S)


@dataclass(frozen=True, slots=True)
class Gist:
    """How many words a reader reads (markup and addresses are not among them; letters of scripts without spaces
    count for their share of a word), and every link's and picture's address, as written, in order."""

    word_count: int
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
    return Gist(words_worth(unescape(TAG.sub(" ", html))), tuple(found))


def links(markdown: str) -> tuple[str, ...]:
    return gist(markdown).links


def fenced_lines(markdown: str) -> set[int]:
    """The lines, counted from 0, that belong to closed code fences."""
    fenced: set[int] = set()
    first, counted = 0, 0
    for found in FENCE.finditer(markdown):
        first += markdown.count("\n", counted, found.start())
        counted = found.start()
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
