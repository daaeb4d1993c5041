"""Signs that nobody sees: they come along when an address or a name is copied from a page or a mail. Pure."""

import re

from course.language.words import Phrase

UNSHOWABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Controls, line ends and what turns the reading direction: no name or header may hold one."""

BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]+")

SOFT_HYPHENS = "\u00ad"
NO_BREAK_SPACES = "\u00a0\u2007\u202f"
WITHOUT_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OTHERS = "\u034f\u115f\u1160\u180e\u2061\u2062\u2063\u2064\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\uffa0"
INVISIBLE = SOFT_HYPHENS + NO_BREAK_SPACES + WITHOUT_WIDTH + DIRECTIONS + OTHERS

BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u1680\u2028\u2029\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
AROUND = BLANKS + INVISIBLE

CALLED = {
    SOFT_HYPHENS: Phrase("a soft hyphen"),
    NO_BREAK_SPACES: Phrase("a no-break space"),
    WITHOUT_WIDTH: Phrase("a space without width"),
    DIRECTIONS: Phrase("a mark of the reading direction"),
}
FOUND = re.compile(f"[{re.escape(INVISIBLE)}]")
SEVERAL = re.compile(" {2,}")
MOST_BEFORE = 20


def one_line(text: str) -> str:
    """The text on one line: controls, line ends and halves of characters become a space, what turns the reading
    direction goes, and several spaces are one. Every other sign stays, such as joiners within words."""
    if not text.isprintable():
        text = TURNS.sub("", BREAKS.sub(" ", text))
    return (SEVERAL.sub(" ", text) if "  " in text else text).strip()


def stripped(text: str) -> str:
    """The text without blanks and signs that nobody sees around it."""
    return text.strip(AROUND)


def invisible_in(text: str) -> Phrase | None:
    """What stands in the text unseen and where, in a sentence; None if there is nothing."""
    found = FOUND.search(text)
    if found is None:
        return None
    unusual = Phrase("an unusual sign (U+%(code)s)", {"code": f"{ord(found[0]):04X}"})
    sign = next((name for signs, name in CALLED.items() if found[0] in signs), unusual)
    before = "".join(filter(str.isprintable, text[: found.start()]))[-MOST_BEFORE:]
    return Phrase(
        "It holds %(sign)s that cannot be seen, after “%(before)s”. Please type that part again.",
        {"sign": sign, "before": before},
    )
