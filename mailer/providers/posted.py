"""A post of events as far as it can be read: whatever is odd in it keeps nothing else out. Pure.

What a provider has signed it posts again and again until it hears yes. So a piece that cannot be read, or that no
database would take, is left out by itself and counted.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any

MOST_DIGITS = 30
MOST_TEXT = 2000
MOST_DEPTH = 4
MOST_MEMBERS = 60
"""Of what is kept of an entry for people to look at: signs of a text, levels, members of each."""

EARLIEST, LATEST = 0, 7_258_118_400
"""Seconds since 1970, up to the year 2200: beyond, a moment is none, and to reckon with it may fail."""

# A text without an end reaches to the end of all. Possessive, so that a long one needs neither time nor memory.
SIGN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{},]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a post that could be read, if only in part; how many others there are."""

    read: list[dict[str, Any]]
    unread: int


def entries_of(body: bytes) -> Entries:
    """The objects in a JSON list. Raises nothing: a body that is no list holds nothing, and is one unread."""
    text = body.decode("utf-8-sig", "replace").strip()
    try:
        found = _loads(text)
    except (ValueError, RecursionError):
        found = [_entry(piece) for piece in _pieces(text)] if text.startswith("[") else None
    if not isinstance(found, list):
        return Entries([], 1)
    read = [entry for entry in found if isinstance(entry, dict)]
    return Entries(read, len(found) - len(read))


def text_of(value: object, most: int = MOST_TEXT) -> str:
    """A text or a number as a text that any database takes, up to so many signs; of anything else, nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return "".join(char if char.isprintable() else " " for char in str(value)[:most])


def moment_of(value: object) -> datetime | None:
    """Seconds since 1970, as a number or as its text; None for what is no moment that one can reckon with."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds < LATEST else None


def storable(value: object, depth: int = MOST_DEPTH) -> Any:
    """JSON that any database takes: without what is too long, too deep, or no text or number at all."""
    match value:
        case None | bool():
            return value
        case int():
            return value if abs(value) < 10**MOST_DIGITS else str(value)[:MOST_DIGITS]
        case float():
            return value if isfinite(value) else None
        case dict() if depth:
            return {
                text_of(name, 200): storable(inner, depth - 1)
                for name, inner in list(value.items())[:MOST_MEMBERS]
            }
        case list() | tuple() if depth:
            return [storable(inner, depth - 1) for inner in value[:MOST_MEMBERS]]
        case _:
            return text_of(value)


def _loads(text: str) -> object:
    # Python's reader takes NaN, which is no JSON, and refuses a number of many digits, which is.
    return json.loads(text, parse_constant=lambda _name: None, parse_int=_whole)


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= MOST_DIGITS else digits[:MOST_DIGITS]


def _entry(text: str) -> object:
    """An entry, or as many of its members as can be read; None if there is nothing in it."""
    try:
        return _loads(text)
    except (ValueError, RecursionError):
        return {name: value for piece in _pieces(text) for name, value in _member(piece)} or None


def _member(text: str) -> list[tuple[str, Any]]:
    try:
        found = _loads(f"{{{text}}}")
    except (ValueError, RecursionError):
        return []
    return list(found.items()) if isinstance(found, dict) else []


def _pieces(text: str) -> Iterator[str]:
    """What stands between the commas of the outermost list or object; the last one may be cut off."""
    depth, begin = 0, 0
    for sign in SIGN.finditer(text):
        match sign[0]:
            case "[" | "{":
                depth += 1
                begin = sign.end() if depth == 1 else begin
            case "]" | "}":
                depth -= 1
                if depth == 0:
                    yield text[begin : sign.start()].strip()
                    return
            case "," if depth == 1:
                yield text[begin : sign.start()].strip()
                begin = sign.end()
            case _:
                continue
    yield text[begin:].strip()
