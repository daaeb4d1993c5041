"""One refusal for one recipient after the other: it is about us, whoever they are."""

import re
from collections.abc import Iterable, Sequence

IN_A_ROW = 5

CHANGING = re.compile(r"(?<!\S)(?![1-5]\d\d(?!\S))\S*\d\S*")
"""Queue ids, counts and machines, which are others each time; a reply's code is none of them."""


def in_other_words(told: str) -> str:
    """Return what stays the same when a server says the same of another mail. Addresses are gone already."""
    return " ".join(CHANGING.sub("#", told.lower()).split())


def rows(refusals: Sequence[str | None]) -> set[int]:
    """Return the places of all that stand in a row of alike refusals, in the order they were told; None: another
    answer, which ends a row."""
    found: set[int] = set()
    words = [None if told is None else in_other_words(told) for told in refusals]
    begin = 0
    for at in range(1, len(words) + 1):
        if at == len(words) or words[at] != words[begin]:
            if words[begin] is not None and at - begin >= IN_A_ROW:
                found.update(range(begin, at))
            begin = at
    return found


def open_row(refusals: Sequence[str | None]) -> int:
    """How many of the last are alike and may yet become a row, which the next answers will show."""
    words = [None if told is None else in_other_words(told) for told in refusals]
    count = 0
    while count < len(words) and words[-1] is not None and words[-1 - count] == words[-1]:
        count += 1
    return count if count < IN_A_ROW else 0


def are_all_alike(refusals: Iterable[str | None]) -> bool:
    """Whether there are several, and all say one thing."""
    words = [None if told is None else in_other_words(told) for told in refusals]
    return len(words) > 1 and words[0] is not None and len(set(words)) == 1
