"""The names under which headings can be linked to, as GitHub makes them."""

import re
from collections import Counter

from course.content.markup.nodes import Node

MARKUP = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?|[`*~]|<[^>]*>|\\(?=\W)")
NOT_IN_NAMES = re.compile(r"[^\w\- ]")
PREFIX = "at-"
"""Before each name, so that none is one of the page's own."""


LEVELS = (2, 3, 4)
"""Of the headings that can be linked to."""


def heading_names(document: Node) -> tuple[str, ...]:
    """What stands after the `#` in links to the headings of a text."""
    anchors = Anchors()
    return tuple(
        anchors.name(node.text) for node in document.walk() if node.kind == "heading" and node.number in LEVELS
    )


class Anchors:
    """Of one text; the second of two equal headings gets `-1`."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, words: str) -> str:
        """The `id` of a heading with these words, in Markdown."""
        return PREFIX + self.name(words)

    def name(self, words: str) -> str:
        """What stands after the `#` in a link to the heading."""
        plain = MARKUP.sub(lambda found: found[1] or "", words)
        name = NOT_IN_NAMES.sub("", plain.strip().lower()).replace(" ", "-")
        again = self._seen[name]
        self._seen[name] += 1
        return f"{name}-{again}" if again else name
