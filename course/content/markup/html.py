"""Markdown to safe HTML. Raw HTML is shown as text, never obeyed."""

import re
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from xml.etree.ElementTree import Element, tostring

import nh3
from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from course.content.markup.addresses import SAFE_SCHEMES, Address, Addresses, as_written
from course.content.markup.elements import Blocks
from course.content.markup.nodes import Node
from course.content.markup.references import References, references_of
from course.content.markup.spans import LITERAL_BRACE
from course.content.markup.structure import structure
from course.content.reading_time import words_worth
from course.content.typesetting.extension import Typesetting
from course.content.typesetting.style import Style
from course.language.words import direction

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "td": {"align"}, "th": {"align"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "li": {"id"}, "sup": {"id"},
    "pre": {"dir"}, "code": {"dir"},
}  # fmt: skip
TAG = re.compile("<[^>]*>")
AS_WRITTEN = Style()


def to_html(
    markdown: str,
    address: Address = as_written,
    style: Style = AS_WRITTEN,
    references: References | None = None,
) -> str:
    """Safe HTML. Links and pictures go through `address`; other schemes than http(s), mailto lose their link.

    `references` are those of the whole file, where the text is a part of one.
    """
    clean = nh3.clean(
        _read(markdown, address, style.language, references, Typesetting(style)),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SAFE_SCHEMES,
        link_rel=None,
    )
    return clean.replace(LITERAL_BRACE, "{")


def to_inline_html(
    markdown: str,
    address: Address = as_written,
    style: Style = AS_WRITTEN,
    references: References | None = None,
) -> str:
    """Turn one line of Markdown into safe HTML without a paragraph around it; further blocks stay as they are."""
    html = to_html(markdown, address, style, references).strip()
    words, end, rest = html.removeprefix("<p>").partition("</p>")
    return f"{words}{rest}" if html.startswith("<p>") and end else html


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

    # Never shown, so neither made safe nor set in fine quotes.
    html = _read(markdown, note, "", None)
    return Gist(words_worth(unescape(TAG.sub(" ", html))), tuple(found))


def links(markdown: str, references: References | None = None) -> tuple[str, ...]:
    """Every link's and picture's address, as written, in order."""
    found: list[str] = []

    def note(address: str) -> str:
        found.append(address)
        return address

    _read(markdown, note, "", references)
    return tuple(found)


def _read(
    markdown: str, address: Address, language: str, references: References | None, *extensions: Extension
) -> str:
    document = structure(markdown)
    known = references_of(document) if references is None else references
    # A new object each time: a reused one carries one text's state over to the next.
    reader = Markdown(
        extensions=[*extensions, _OurReading(document, known, language), Addresses(address)], output_format="html"
    )
    reader.serializer = _serialized
    return reader.convert(markdown)


class _OurReading(Extension):
    """Our own blocks and spans in place of Python-Markdown's, and raw HTML as text."""

    def __init__(self, document: Node, references: References, language: str) -> None:
        super().__init__()
        self._document, self._references, self._language = document, references, language

    def extendMarkdown(self, md: Markdown) -> None:
        for name in ("normalize_whitespace", "html_block"):
            md.preprocessors.deregister(name)
        for name in ("inline", "unescape"):
            md.treeprocessors.deregister(name)
        md.parser = Blocks(md, self._document, self._references, self._language)
        if direction(self._language) == "rtl":
            md.treeprocessors.register(_CodeFromTheLeft(md), "code_from_the_left", 1)


def _serialized(root: Element) -> str:
    """With each `&` as it is: Python-Markdown's own takes `&amp;` in code for what it stands for."""
    return tostring(root, encoding="unicode", method="html")


class _CodeFromTheLeft(Treeprocessor):
    """Code runs from left to right, whatever runs around it."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in ("pre", "code"):
                element.set("dir", "ltr")
