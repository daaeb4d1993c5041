"""Line ends and byte order mark as a file has them: a browser sends every text in its own way."""

import re
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

MOST_COMPARED = 1_000_000
"""Pairs of lines. Of more, hours could be spent on a text of empty lines; they get the usual end."""

BYTE_ORDER_MARK = BOM_UTF8.decode()
LINE_END = re.compile(r"\r\n|\r|\n")


def to_newlines(text: str) -> str:
    return LINE_END.sub("\n", text)


def as_in(original: str, edited: str) -> str:
    """The edited text with the line ends of the original: lines that stay keep theirs, new ones get the usual one.
    Where the original begins with a byte order mark, so does what comes back.

    So a text that comes back unchanged is the original, byte for byte.
    """
    before = original.removeprefix(BYTE_ORDER_MARK)
    mark = original[: len(original) - len(before)]
    ends = LINE_END.findall(before)
    usual = Counter(ends).most_common(1)[0][0] if ends else "\n"
    lines = to_newlines(edited.removeprefix(mark)).split("\n")
    if len(set(ends)) > 1:
        return mark + _mixed(LINE_END.split(before), ends, lines, usual)
    return mark + usual.join(lines)


def _mixed(before: list[str], ends: list[str], lines: list[str], usual: str) -> str:
    wanted = [usual] * (len(lines) - 1)
    for at, now_at in _kept(before, lines):
        if at < len(ends) and now_at < len(wanted):
            wanted[now_at] = ends[at]
    for at in range(1, len(wanted)):
        # Around an empty line these two would read as one line end, and a line would be lost.
        if wanted[at - 1] == "\r" and not lines[at] and wanted[at] == "\n":
            wanted[at] = "\r\n"
    return "".join(line + end for line, end in zip(lines, [*wanted, ""], strict=True))


def _kept(before: list[str], lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where the lines that stay were, and where they are: around what was changed, and within it."""
    shorter = min(len(before), len(lines))
    first = next((at for at in range(shorter) if before[at] != lines[at]), shorter)
    last = next((at for at in range(shorter - first) if before[-1 - at] != lines[-1 - at]), shorter - first)
    yield from ((at, at) for at in range(first))
    yield from ((len(before) - at, len(lines) - at) for at in range(1, last + 1))
    old, new = before[first : len(before) - last], lines[first : len(lines) - last]
    if len(old) * len(new) <= MOST_COMPARED:
        for at, now_at, length in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
            yield from ((first + at + step, first + now_at + step) for step in range(length))
