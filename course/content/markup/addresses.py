"""Where links and pictures lead."""

import re
from collections.abc import Callable
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AMP_SUBSTITUTE

from course.content.markup.anchors import PREFIX

SAFE_SCHEMES = {"http", "https", "mailto"}
ENTITY = re.compile(r"&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);")
OWN = re.compile(r"#(?!note-\d|mention-\d)(?=.)")

Address = Callable[[str], str]
"""From an address as the author wrote it to the one the reader gets."""


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
                if written is not None and is_safe(address := _decoded(written)):
                    element.set(name, self._reached(address))

    def _reached(self, address: str) -> str:
        """Within the same text, a heading."""
        return OWN.sub(f"#{PREFIX}", address) if address.startswith("#") else self._address(address)


def _decoded(written: str) -> str:
    """An address without its entities. Only those that end in a semicolon: `&region=eu` holds no `&reg`."""
    # Python-Markdown writes the letters of a mail address as entities, with a mark of its own for the `&`.
    return ENTITY.sub(lambda found: unescape(found[0]), written.replace(AMP_SUBSTITUTE, "&"))
