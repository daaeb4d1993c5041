"""How the lines look with which a block begins (CommonMark 0.31, and what GitHub adds to it)."""

import re
from typing import NamedTuple

from course.content.markup.cursor import Cursor

FENCE = re.compile(r"(`{3,}(?=[^`]*$)|~{3,})(.*)")
HEADING = re.compile(r"(#{1,6})(?:[ \t]|$)")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*$")
BULLET = re.compile(r"(?:([-*+])|(\d{1,9})([.)]))(?=[ \t]|$)")
NOTE = re.compile(r"\[\^([^\]\s\[^]+)\]:")
INDENTED = 4
"""Columns that make a line code."""


class Bullet(NamedTuple):
    """What an item begins with: its mark as in Node, its number, and the characters of both."""

    mark: str
    number: int
    width: int


def heading(words: str) -> tuple[int, str] | None:
    """The level and the words of a heading, without the marks that close it."""
    found = HEADING.match(words)
    if found is None:
        return None
    text = words[found.end() :].strip(" \t")
    open_ended = text.rstrip("#")
    return len(found[1]), open_ended.rstrip(" \t") if open_ended.endswith((" ", "\t")) or not open_ended else text


def is_rule(words: str) -> bool:
    marks = words.replace(" ", "").replace("\t", "")
    return len(marks) >= 3 and not marks.strip(marks[0])


def bullet(words: str, within_paragraph: bool) -> Bullet | None:
    """The bullet at the start of a line. Within a paragraph only one with words after it counts, and of numbers
    only 1: a sentence may well go on with `1984.` in a new line."""
    found = BULLET.match(words)
    if found is None or (within_paragraph and (not words[found.end() :].strip() or found[2] not in (None, "1"))):
        return None
    return Bullet(found[1] or found[3], int(found[2] or 0), found.end())


def enter_item(cursor: Cursor, found: Bullet) -> int:
    """Leave the bullet and the white space after it out; return the column, counted from where the bullet's line
    was read, at which the item's words begin."""
    offset = cursor.indent + found.width
    cursor.take(found.width)
    if cursor.blank:
        return offset + 1
    # From the fifth column on they are code within the item.
    gap = cursor.indent if cursor.indent <= INDENTED else 1
    cursor.skip(gap)
    return offset + gap


def ends_fence(line: Cursor, fence: str) -> bool:
    words = line.words.rstrip(" \t")
    return line.indent < INDENTED and len(words) >= len(fence) and not words.strip(fence[0])
