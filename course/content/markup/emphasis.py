"""Which stars, lines and tildes belong together (CommonMark 0.31, 6.2 and its Appendix: process emphasis)."""

import re
import unicodedata
from dataclasses import dataclass, field

RUN = re.compile(r"(.)\1*", flags=re.S)
TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "del"}


@dataclass(slots=True)
class Run:
    """The same mark several times in a row. `left` have no partner so far; `closed` and `opened` are the tags that
    end and begin here, in the order they were found."""

    mark: str
    length: int
    can_open: bool
    can_close: bool
    left: int = 0
    closed: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.length


def end_of_run(text: str, at: int) -> int:
    """The place after the last of the same characters in a row."""
    found = RUN.match(text, at)
    return found.end() if found else at


def run_at(text: str, start: int, end: int) -> Run:
    """The run between two places of a text, with what its neighbours let it do."""
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    left = _flanks(before, after)
    right = _flanks(after, before)
    mark = text[start]
    if mark == "_":
        # Within a word, lines are a part of it.
        return Run(mark, end - start, left and (not right or _sign(before)), right and (not left or _sign(after)))
    if mark == "~" and end - start != 2:
        return Run(mark, end - start, False, False)
    return Run(mark, end - start, left, right)


def pair(runs: list[Run]) -> None:
    """Give each run that closes something the nearest one that opens it."""
    waiting: list[Run] = []
    # How many of those that wait, from the first, are known to hold no partner for such a run.
    futile: dict[tuple[str, bool, int], int] = {}
    for run in runs:
        if run.can_close:
            _close(run, waiting, futile)
        if run.left and run.can_open:
            waiting.append(run)


def _close(closer: Run, waiting: list[Run], futile: dict[tuple[str, bool, int], int]) -> None:
    kind = (closer.mark, closer.can_open, closer.length % 3)
    while closer.left:
        at = len(waiting) - 1
        least = min(futile.get(kind, 0), len(waiting))
        while at >= least and not _are_partners(waiting[at], closer):
            at -= 1
        if at < least:
            futile[kind] = len(waiting)
            return
        opener = waiting[at]
        count = 2 if opener.left >= 2 and closer.left >= 2 else 1
        if closer.mark == "~":
            count = 2
        tag = TAGS[closer.mark, count]
        opener.opened.append(tag)
        closer.closed.append(tag)
        opener.left -= count
        closer.left -= count
        # What waited between the two would overlap.
        del waiting[at + (opener.left > 0) :]


def _are_partners(opener: Run, closer: Run) -> bool:
    if opener.mark != closer.mark:
        return False
    # In `*a**b*`, the two in the middle are no end of the first.
    either_both = opener.can_close or closer.can_open
    threes = (opener.length + closer.length) % 3 == 0 and (opener.length % 3 or closer.length % 3)
    return not (either_both and threes)


def _flanks(before: str, after: str) -> bool:
    """Whether a run between these two is left-flanking; right-flanking with the two exchanged."""
    if after.isspace():
        return False
    return not _sign(after) or before.isspace() or _sign(before)


def _sign(one: str) -> bool:
    return unicodedata.category(one)[0] in "PS"
