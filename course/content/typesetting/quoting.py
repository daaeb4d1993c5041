"""Which straight quotes open, which close, and which are apostrophes."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from course.content.typesetting.edits import Edit
from course.content.typesetting.quotes import Quotes
from course.content.typesetting.signs import UNSPACED, is_wordy

Role = Literal["opens", "closes", "apostrophe", "stays"]

APOSTROPHE = "\u2019"
ELISIONS = ("'", APOSTROPHE)
"""As in `l'"altro"`."""
BEFORE_WORDS = "([{\u00a1\u00bf/\u2013\u2014-\u201e\u201c\u00ab\u2018\u201a\u2039\u300c\u300e\uff08"
FEW, SPARSE = 1000, 8
"""More quotes than these, and more than one in so many signs, are no prose: nobody waits for them to be set."""
DECADE = re.compile(r"'\d\ds?\b")


class _Sides(NamedTuple):
    """The signs on both sides of a quote, blanks at the ends of a text; `after_opening`: the one before opens."""

    before: str
    after: str
    after_opening: bool

    @property
    def may_open(self) -> bool:
        return not self.after.isspace() and (
            self.before.isspace() or self.after_opening or self.before in BEFORE_WORDS
        )

    @property
    def may_close(self) -> bool:
        return not self.before.isspace() and not self.after_opening

    @property
    def inside_a_word(self) -> bool:
        return is_wordy(self.before) and is_wordy(self.after)

    @property
    def unspaced(self) -> bool:
        return bool(UNSPACED.match(self.before) or UNSPACED.match(self.after))


def quote_edits(seen: str, quotes: Quotes) -> Iterator[Edit]:
    """Every straight quote that changes. What must not change is not straight in `seen`."""
    count = seen.count('"') + seen.count("'")
    if count > FEW and count * SPARSE > len(seen):
        return
    opening, closing = quotes.opening.strip(), quotes.closing.strip()
    last_inner_close = _last_inner_close(seen)
    within = inner = False
    opened_at = -2
    for found in re.finditer(f"[\"'{opening}{closing}]", seen):
        at, sign = found.start(), found[0]
        sides = _sides(seen, at, opened_at == at - 1)
        if sign not in "\"'":
            within, inner = (sign == opening != closing), False
            opened_at = at if within else opened_at
            continue
        if sign == '"':
            role = _double(sides, within)
            within, inner = (role == "opens", False) if role in ("opens", "closes") else (within, inner)
        else:
            role = _single(sides, inner, at < last_inner_close, DECADE.match(seen, at) is not None)
            inner = role == "opens" or (inner and role != "closes")
        opened_at = at if role == "opens" else opened_at
        if role != "stays":
            yield at, at + 1, _sign(sign, role, quotes)


def _double(sides: _Sides, within: bool) -> Role:
    if sides.inside_a_word and not sides.unspaced:
        return "stays"
    closes = sides.may_close and within
    elided = sides.before in ELISIONS and is_wordy(sides.after)
    opens = sides.may_open or elided or (sides.unspaced and not within and not sides.after.isspace())
    if closes and (not opens or not is_wordy(sides.after) or sides.unspaced):
        return "closes"
    if opens:
        return "opens"
    measure = sides.before.isdigit()
    return "closes" if sides.may_close and not measure else "stays"


def _single(sides: _Sides, inner: bool, closes_later: bool, is_decade: bool) -> Role:
    if sides.inside_a_word or (is_decade and not is_wordy(sides.before)):
        return "apostrophe"
    if inner and sides.may_close and not is_wordy(sides.after):
        return "closes"
    if sides.may_open and closes_later:
        return "opens"
    alone = sides.before.isspace() and sides.after.isspace()
    return "stays" if alone or sides.before.isdigit() else "apostrophe"


def _last_inner_close(seen: str) -> int:
    """Where the last single quote is that could close a quotation."""
    last = -1
    for found in re.finditer("'", seen):
        sides = _sides(seen, found.start(), False)
        if sides.may_close and sides.before not in BEFORE_WORDS and not is_wordy(sides.after):
            last = found.start()
    return last


def _sides(seen: str, at: int, after_opening: bool) -> _Sides:
    return _Sides(
        seen[at - 1] if at else " ", seen[at + 1] if at + 1 < len(seen) else " ", after_opening and at > 0
    )


def _sign(sign: str, role: Role, quotes: Quotes) -> str:
    if role == "apostrophe":
        return APOSTROPHE
    if sign == '"':
        return quotes.opening if role == "opens" else quotes.closing
    return quotes.inner_opening if role == "opens" else quotes.inner_closing
