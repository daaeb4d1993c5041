"""GitHub's tables: a line of cells, a line of hyphens, and more lines of cells."""

import re

DELIMITERS = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
CELL_ENDS = re.compile(r"(?<!\\)\|")


def columns(head: str, line: str) -> tuple[str, ...]:
    """The alignment of each column (`left`, `right`, `center` or nothing) if these two lines begin a table, else
    none at all."""
    if "|" not in head or not ("|" in line or ":" in line) or not DELIMITERS.match(line):
        return ()
    marks = cells(line)
    return tuple(map(_aligned, marks)) if len(marks) == len(cells(head)) else ()


def cells(line: str) -> list[str]:
    """What stands between the strokes; `\\|` is a stroke within a cell, also in code."""
    line = line.strip()
    parts = CELL_ENDS.split(line)
    if line.startswith("|"):
        parts = parts[1:]
    if len(parts) > 1 and not parts[-1].strip():
        parts = parts[:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def _aligned(mark: str) -> str:
    if mark.startswith(":") and mark.endswith(":") and len(mark) > 1:
        return "center"
    return "right" if mark.endswith(":") else "left" if mark.startswith(":") else ""
