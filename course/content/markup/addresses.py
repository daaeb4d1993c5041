"""Where links and pictures lead."""

import re
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from course.content.markup.anchors import PREFIX

SAFE_SCHEMES = {"http", "https", "mailto"}
PART = re.compile(r"(?!\w+:)([^#?]*\.md|)#(.+)", flags=re.S)
"""A heading of the same text, or of another one of the course."""
FOOTNOTE = re.compile(r"#(?:note|mention)-\d+")

Address = Callable[[str], str]
"""From an address as the author wrote it to the one the reader gets; empty where there is none for this reader."""


def as_written(address: str) -> str:
    return address


def is_safe(address: str) -> bool:
    """Whether an address has no scheme, or one that may be linked to."""
    scheme, colon, _ = address.partition(":")
    relative = not colon or "/" in scheme or "#" in scheme
    return relative or scheme.lower() in SAFE_SCHEMES


class Addresses(Extension):
    """Has links and pictures go through `address`."""

    def __init__(self, address: Address) -> None:
        super().__init__()
        self._address = address

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Addresses(md, self._address), "addresses", 0)


class _Addresses(Treeprocessor):
    def __init__(self, md: Markdown, address: Address) -> None:
        super().__init__(md)
        self._address = address

    def run(self, root: Element) -> None:
        for element in root.iter():
            for name in ("href", "src"):
                written = element.get(name)
                if written is None or not is_safe(written):
                    continue
                if reached := self._address(as_anchor(written)):
                    element.set(name, reached)
                else:
                    del element.attrib[name]


def as_anchor(address: str) -> str:
    """An address with the name of a heading, as our headings have it: `#Größe` as well as `#gr%C3%B6%C3%9Fe`."""
    found = PART.fullmatch(address)
    if found is None or FOOTNOTE.fullmatch(address):
        return address
    return f"{found[1]}#{PREFIX}{unquote(found[2]).lower()}"
