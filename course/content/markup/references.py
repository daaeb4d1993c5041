"""What is defined once and holds in the whole file: the targets of links, and footnotes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from course.content.markup.nodes import Node

LABEL = r"\[((?:[^\[\]\\]|\\.){1,999})\]"
TITLE = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\(((?:[^()\\]|\\.)*)\))"""
DEFINED = re.compile(rf"{LABEL}:[ \t]*\n?[ \t]*(?:<((?:[^<>\n\\]|\\.)*)>|([^\s<]\S*))", flags=re.S)
TITLED = re.compile(rf"[ \t]*(?:[ \t]|\n[ \t]*){TITLE}[ \t]*(?:\n|$)", flags=re.S)
END = re.compile(r"[ \t]*(?:\n|$)")
MENTIONED = re.compile(r"(?<!\\)\[\^([^\]\s\[^]+)\](?!:)")
CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", flags=re.S)


class Target(NamedTuple):
    """Where a link leads: its address as written, and its title or nothing."""

    address: str
    title: str


@dataclass(frozen=True, slots=True)
class References:
    """`links` by label; `notes` are the footnotes' numbers by label, from 1 in the order of their first mention.

    `first` are those whose first mention is in the text at hand, to which a footnote leads back.
    """

    links: Mapping[str, Target] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)
    first: frozenset[str] = frozenset()


NO_REFERENCES = References()


def normal(label: str) -> str:
    """Labels are the same whatever their case and white space."""
    return " ".join(label.split()).lower()


def references_of(document: Node) -> References:
    """Those of a whole file."""
    links: dict[str, Target] = {}
    for node in document.walk():
        if node.kind == "paragraph" and node.lines[0].startswith("["):
            for label, target, _ in _definitions(node.text):
                links.setdefault(normal(label), target)
    notes = {normal(node.mark) for node in document.children if node.kind == "note"}
    if not notes:
        return References(links)
    # Mentions within footnotes come last, as the footnotes do.
    blocks = sorted(document.children, key=lambda node: node.kind == "note")
    leaves = (leaf for block in blocks for leaf in block.walk() if leaf.kind in ("paragraph", "heading", "table"))
    labels = dict.fromkeys(label for leaf in leaves for label in mentioned(leaf.text) if label in notes)
    return References(links, {label: at for at, label in enumerate(labels, 1)}, frozenset(labels))


def mentioned(text: str) -> list[str]:
    """The labels of the footnotes that a text mentions, in order, code left out."""
    return list(map(normal, MENTIONED.findall(CODE.sub("", text)))) if "[^" in text else []


def count_definitions(lines: Sequence[str]) -> int:
    """How many lines at the beginning of a paragraph only define where links lead."""
    if not lines or not lines[0].startswith("["):
        return 0
    return sum(count for _, _, count in _definitions("\n".join(lines)))


def _definitions(text: str) -> Iterator[tuple[str, Target, int]]:
    """Label, target and number of lines of each definition that a paragraph begins with."""
    at = 0
    while found := DEFINED.match(text, at):
        title = TITLED.match(text, found.end())
        end = title or END.match(text, found.end())
        if end is None or not found[1].strip() or found[1].startswith("^"):
            return
        address = found[2] if found[3] is None else found[3]
        words = next((group for group in title.groups() if group is not None), "") if title else ""
        yield found[1], Target(address, words), text.count("\n", at, end.end()) + (end.end() == len(text))
        at = end.end()
        if at == len(text):
            return
