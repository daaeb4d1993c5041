"""Quotes, dashes and spaces as print sets them in a language, from those that keyboards have.

Never within an address, an option such as `--force`, a measure such as `5'10"`, or what is written like a tag.
What is set already stays, so setting a text twice is setting it once.
"""

import re
from collections.abc import Iterator

from course.content.typesetting.edits import Edit, edited
from course.content.typesetting.quotes import THIN, quotes_of
from course.content.typesetting.quoting import quote_edits
from course.content.typesetting.signs import OPAQUE

KEPT = re.compile(
    r"""
    \x02[^\x03]*\x03                                    # what Markdown has put aside
    | \ue000[^\ue001]*\ue001 | \{\{[^{}\n]{0,120}\}\}   # slots
    | (?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,20}://[^\s<>"]* | \bwww\.[^\s<>"]* | \bxn--[\w.-]*
    | (?<![\w"])""(?![\w"])                              # nothing in quotes
    | <[a-z/!][^<>]*> | <!?--+ | (?<!-)--+>                   # tags, comments, arrows
    | (?<![\w-])--[a-z][\w-]*(?:="[^"\n]{0,200}"|=[^\s,;)]*)?  # options
    | \d'\s?\d+(?:[.,/]\d+)?(?:"|'')? | \u00b0\s?\d+'   # feet and inches, degrees and minutes
    """,
    flags=re.X | re.I,
)
DASHES = re.compile(r"(?<!-)---?(?!-)|(?<!\.)\.{3}(?!\.)")
SET = {"--": "\u2013", "---": "\u2014", "...": "\u2026"}
FRENCH_SPACES = re.compile(
    r"""
    (?<=\S)[ \u00a0](?=[;!?]+(?:[\s)\]\u00bb\u201d\u2019\u2026"']|$))
    | (?<=\S)[ ](?=:(?:\s|$))
    | (?<=\u00ab)[ \u00a0] | (?<=\S)[ \u00a0](?=\u00bb)
    """,
    flags=re.X,
)
"""Narrow before `;`, `!`, `?` and within quotes, whole before a colon: Imprimerie nationale, Lexique des règles
typographiques."""


def fine(text: str, language: str) -> str:
    """A stretch of prose as print sets it."""
    return edited(text, fine_edits(text, language))


def fine_edits(text: str, language: str) -> list[Edit]:
    """What changes in a text, in order; found in time in proportion to its length."""
    seen = KEPT.sub(lambda kept: OPAQUE * len(kept[0]), text)
    quotes = quotes_of(language)
    changes = [*_dashes(seen), *quote_edits(seen, quotes)]
    if quotes.opening.endswith(THIN):
        changes += _french_spaces(seen)
    return sorted(change for change in changes if text[change[0] : change[1]] != change[2])


def _dashes(seen: str) -> Iterator[Edit]:
    return ((found.start(), found.end(), SET[found[0]]) for found in DASHES.finditer(seen))


def _french_spaces(seen: str) -> Iterator[Edit]:
    for found in FRENCH_SPACES.finditer(seen):
        yield found.start(), found.end(), "\u00a0" if seen[found.end()] == ":" else THIN
