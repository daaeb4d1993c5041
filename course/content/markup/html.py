"""Markdown to safe HTML. Raw HTML is shown as text, never obeyed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

import nh3
from markdown import Extension, Markdown

from course.content.markup.addresses import SAFE_SCHEMES, Address, Addresses, as_written
from course.content.markup.elements import Blocks
from course.content.markup.nodes import Node
from course.content.markup.references import References, references_of
from course.content.markup.spans import LITERAL_BRACE
from course.content.markup.structure import structure

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "li": {"id"}, "sup": {"id"},
}  # fmt: skip
TAG = re.compile("<[^>]*>")
TASK = re.compile(r"(<li>(?:\s*<p>)?)\[[xX]\]")
WORD = re.compile(r"\w[\w'’-]*")


def to_html(markdown: str, address: Address = as_written, references: References | None = None) -> str:
    """Safe HTML. Links and pictures go through `address`; other schemes than http(s), mailto lose their link.

    `references` are those of the whole file, where the text is a part of one.
    """
    clean = nh3.clean(
        _read(markdown, address, references),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
    )
    return clean.replace(LITERAL_BRACE, "&#123;")


def _read(markdown: str, address: Address, references: References | None) -> str:
    document = structure(markdown)
    known = references_of(document) if references is None else references
    reader = Markdown(extensions=[_Read(document, known), Addresses(address)], output_format="html")
    return reader.convert(markdown)


def to_inline_html(markdown: str, address: Address = as_written, references: References | None = None) -> str:
    """Turn one line of Markdown into safe HTML without a paragraph around it."""
    html = to_html(markdown, address, references).strip()
    return html.removeprefix("<p>").removesuffix("</p>") if html.count("<p>") == 1 else html


@dataclass(frozen=True, slots=True)
class Gist:
    """How many words a reader reads (markup and addresses are not among them), and every link's and picture's
    address, as written, in order."""

    word_count: int
    links: tuple[str, ...]


@lru_cache(maxsize=1024)
def gist(markdown: str) -> Gist:
    """Kept, since a course is read again and again while one text of it is written."""
    found: list[str] = []

    def note(address: str) -> str:
        found.append(address)
        return address

    # Never shown, so it need not be made safe.
    html = TASK.sub(r"\1", _read(markdown, note, None))
    return Gist(len(WORD.findall(unescape(TAG.sub(" ", html)))), tuple(found))


def links(markdown: str, references: References | None = None) -> tuple[str, ...]:
    """Every link's and picture's address, as written, in order."""
    found: list[str] = []
    _read(markdown, lambda address: found.append(address) or address, references)
    return tuple(found)


class _Read(Extension):
    """Our own reading of blocks in place of Python-Markdown's, and raw HTML as text."""

    def __init__(self, document: Node, references: References) -> None:
        super().__init__()
        self._document, self._references = document, references

    def extendMarkdown(self, md: Markdown) -> None:
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in ("inline", "unescape"):
            md.treeprocessors.deregister(name)
        md.parser = Blocks(md, self._document, self._references)


