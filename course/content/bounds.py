"""How much of Markdown a text may hold. Reading takes time for each line and each sign, however short the text."""

import re

from course.language.words import Phrase

MOST_LINES = 5_000
MOST_SIGNS = 20_000
"""Of either a book's chapter has a tenth; more than that takes seconds to read."""

LINE = re.compile(r"[^\s].*")
SIGN = re.compile(r"[*_~`\[\]<>&|!]|https?:|www\.", flags=re.I)


def too_much(text: str) -> Phrase | None:
    """What to tell the author of a text that is not read, since it has too many lines or signs; None if it is."""
    if (lines := _count(LINE, text)) > MOST_LINES:
        return Phrase(
            "This text has %(lines)s lines; up to %(most)s are read. Part it into several files.",
            {"lines": lines, "most": MOST_LINES},
        )
    if (signs := _count(SIGN, text)) > MOST_SIGNS:
        return Phrase(
            "This text has %(signs)s signs that may mean Markdown, such as `*`, `[` and `|`; up to %(most)s are"
            " read. Part it into several files, or look whether it is a text at all.",
            {"signs": signs, "most": MOST_SIGNS},
        )
    return None


def _count(what: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in what.finditer(text))
