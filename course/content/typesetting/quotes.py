"""Which signs stand around what somebody says, in which language."""

from typing import NamedTuple

THIN = "\u202f"
"""The narrow space that French sets within its quotes and before `;`, `!` and `?`; no line breaks there."""


class Quotes(NamedTuple):
    """The first pair, and the one for a quotation within a quotation."""

    opening: str
    closing: str
    inner_opening: str
    inner_closing: str


ENGLISH = Quotes("\u201c", "\u201d", "\u2018", "\u2019")
GERMAN = Quotes("\u201e", "\u201c", "\u201a", "\u2018")
POINTED = Quotes("\u00ab", "\u00bb", "\u201c", "\u201d")
SWISS = Quotes("\u00ab", "\u00bb", "\u2039", "\u203a")
SWEDISH = Quotes("\u201d", "\u201d", "\u2019", "\u2019")
CORNERED = Quotes("\u300c", "\u300d", "\u300e", "\u300f")

QUOTES = {
    "de": GERMAN, "de-ch": SWISS, "de-li": SWISS, "lb": GERMAN, "cs": GERMAN, "sk": GERMAN, "sl": GERMAN,
    "fr": Quotes(f"\u00ab{THIN}", f"{THIN}\u00bb", "\u201c", "\u201d"), "fr-ch": SWISS,
    "es": POINTED, "ca": POINTED, "gl": POINTED, "it": POINTED, "pt-pt": POINTED, "el": POINTED,
    "ru": Quotes("\u00ab", "\u00bb", "\u201e", "\u201c"), "uk": Quotes("\u00ab", "\u00bb", "\u201e", "\u201c"),
    "pl": Quotes("\u201e", "\u201d", "\u00ab", "\u00bb"), "ro": Quotes("\u201e", "\u201d", "\u00ab", "\u00bb"),
    "hu": Quotes("\u201e", "\u201d", "\u00bb", "\u00ab"),
    "sv": SWEDISH, "fi": SWEDISH, "nb": Quotes("\u00ab", "\u00bb", "\u2018", "\u2019"), "fa": SWISS,
    "ja": CORNERED, "zh-hant": CORNERED, "zh-tw": CORNERED, "zh-hk": CORNERED,
}  # fmt: skip
"""By language, with or without a region; all others as in English. Source: the delimiters of the Unicode CLDR, and
for the inner quotes of French and Spanish the books of the Imprimerie nationale and the Real Academia."""


def quotes_of(language: str) -> Quotes:
    tag = language.lower()
    return QUOTES.get(tag) or QUOTES.get(tag.partition("-")[0]) or ENGLISH
