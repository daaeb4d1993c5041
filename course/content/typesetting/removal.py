"""How much of a sentence goes with a slot that has nothing to say."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from course.content.typesetting.signs import CLOSERS, ENDERS, LINE_BREAK, OPENERS, PAIRS, SPEECH
from course.content.typesetting.signs import OPAQUE as WORD

SPACES = " \t\n\u00a0\u202f\u3000"
COMMAS = (",", "\u060c", "\uff0c", "\u3001")
SEPARATORS = (*COMMAS, *";:\u2013\u2014\u061b\uff1a\uff1b")
ELLIPSIS = "\u2026"
ENDS = frozenset((*SEPARATORS, *ENDERS, ELLIPSIS, LINE_BREAK, *CLOSERS))
"""Signs that no space stands before, or not one that belongs to a slot."""
BY_THEMSELVES = "\u3002\uff01\uff1f"
"""These end a sentence without a space after them."""
TAIL = re.compile("['\u2019]s(?!\\w)|\u3055[\u3093\u307e]|\u69d8|\u304f\u3093|\u3061\u3083\u3093|\ub2d8|\uc528")
"""What hangs on a name: the English genitive, the honorifics of Japanese and Korean."""
MOST_OPENED = 20
"""Brackets and quotes in a row; nobody means more, and all of them are looked at again for each that is closed."""


class Removal(NamedTuple):
    """`start` to `end` goes. `first` and `last` are where its first slot begins and its last one ends.

    `before` and `after` are the nearest signs around it that are no spaces, empty at the ends of the text. It
    `begins` if a sentence began with it, and `mends` if another word begins that sentence now.
    """

    start: int
    end: int
    first: int
    last: int
    before: str
    after: str
    begins: bool
    mends: bool


class _Bounds(NamedTuple):
    """What is known to go; nothing before `floor` may be touched. `begun`: a sentence begins at the floor."""

    floor: int
    begun: bool
    first: int
    start: int
    end: int


def removals(text: str, slots: Iterable[tuple[int, int, bool]]) -> list[Removal]:
    """What goes, in order. `slots`: where each begins and ends, and whether it goes; those that stay are words.

    Slots with nothing but commas, spaces or brackets between them go together.
    """
    found: list[Removal] = []
    whole: list[_Bounds] = []
    floor, begun = 0, True
    for start, end, goes in slots:
        if not goes:
            floor, begun, whole = end, False, []
            continue
        bounds = _widened(text, _Bounds(floor, begun, start, start, _after_tail(text, end)))
        while whole and _back(text, floor, bounds.start) == floor:
            before = whole.pop()
            found.pop()
            bounds = _widened(text, before._replace(end=bounds.end))
            floor = bounds.floor
        found.append(_removal(text, bounds, end))
        whole.append(bounds)
        floor, begun = found[-1].end, found[-1].begins
    return found


def begins(text: str, floor: int, at: int, begun: bool) -> bool:
    """Whether a sentence begins at a place, by what stands before it; `begun` tells so of the floor."""
    spaced, opened = False, 0
    while at > floor and opened < MOST_OPENED:
        sign = text[at - 1]
        if sign in SPACES:
            spaced = True
        elif sign == LINE_BREAK or sign == "\u00ab":
            return True
        elif sign in ENDERS:
            return spaced or sign in BY_THEMSELVES
        elif not spaced and sign in OPENERS:
            if sign in SPEECH:
                return True
            opened += 1
        else:
            # After a quotation that ends with its own full stop.
            return spaced and sign in CLOSERS and at - 1 > floor and text[at - 2] in ENDERS
        at -= 1
    return begun and at <= floor


def _widened(text: str, bounds: _Bounds) -> _Bounds:
    """With the brackets or quotes that hold nothing else, and with the full stop of a sentence of its own."""
    floor, begun, _, start, end = bounds
    new = begins(text, floor, start, begun)
    while True:
        left, right = _back(text, floor, start), _forth(text, end)
        before, after = text[left - 1 : left] if left > floor else "", text[right : right + 1]
        close = (left == start and right == end) or before == "\u00ab"
        if before and close and PAIRS.get(before) == after:
            start, end = left - 1, right + 1
            new = begins(text, floor, start, begun)
        elif new and after and after in ENDERS:
            end = right + 1
        else:
            return bounds._replace(start=start, end=end)


def _removal(text: str, bounds: _Bounds, last: int) -> Removal:
    floor, begun, first, start, end = bounds
    left, right = _back(text, floor, start), _forth(text, end)
    before = text[left - 1] if left > floor else "" if begun else WORD
    after = text[right : right + 1]
    new = begins(text, floor, start, begun)
    stands_alone = new or before in SEPARATORS or (left == start and before in PAIRS)
    mends = False
    if after and after in SEPARATORS and stands_alone and not (before in COMMAS and after not in COMMAS):
        # One separator of two goes: the one behind, unless it parts more than the comma before.
        end, mends = _forth(text, right + 1), new
    elif not after or after in ENDS:
        end = right if not after or after == LINE_BREAK else end
        start = _back(text, floor, left - 1) if left > floor and before in SEPARATORS else left
    elif left < start or stands_alone:
        end, mends = right, new
    return Removal(start, end, first, last, before, after, new, mends)


def _after_tail(text: str, end: int) -> int:
    tail = TAIL.match(text, end)
    return tail.end() if tail else end


def _back(text: str, floor: int, at: int) -> int:
    while at > floor and text[at - 1] in SPACES:
        at -= 1
    return at


def _forth(text: str, at: int) -> int:
    while at < len(text) and text[at] in SPACES:
        at += 1
    return at
