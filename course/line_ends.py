"""Line ends as a file has them: a browser sends every text with its own."""

import re
from collections import Counter
from difflib import SequenceMatcher

LINE_END = re.compile(r"\r\n|\r|\n")


def to_newlines(text: str) -> str:
    return LINE_END.sub("\n", text)


def as_in(original: str, edited: str) -> str:
    """The edited text with the line ends of the original: lines that stay keep theirs, new ones get the usual one.

    So a text that comes back unchanged is the original, byte for byte.
    """
    ends = LINE_END.findall(original)
    usual = Counter(ends).most_common(1)[0][0] if ends else "\n"
    lines = to_newlines(edited).split("\n")
    if len(set(ends)) > 1:
        return _mixed(LINE_END.split(original), ends, lines, usual)
    return usual.join(lines)


def _mixed(before: list[str], ends: list[str], lines: list[str], usual: str) -> str:
    wanted = [usual] * (len(lines) - 1)
    for at, now_at, length in SequenceMatcher(None, before, lines, autojunk=False).get_matching_blocks():
        for step in range(length):
            if at + step < len(ends) and now_at + step < len(wanted):
                wanted[now_at + step] = ends[at + step]
    for at in range(1, len(wanted)):
        # Around an empty line these two would read as one line end, and a line would be lost.
        if wanted[at - 1] == "\r" and not lines[at] and wanted[at] == "\n":
            wanted[at] = "\r\n"
    return "".join(line + end for line, end in zip(lines, [*wanted, ""], strict=True))
