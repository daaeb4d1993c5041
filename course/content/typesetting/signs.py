"""What kind of sign a character is, as far as setting a text asks."""

import re
from unicodedata import category

OPAQUE = "\ufffc"
"""Stands for what is not text, such as code or a picture: nothing looks into it, and it counts as a word."""
LINE_BREAK = "\v"
"""Stands for a line that the author ended."""

ENDERS = ".!?\u061f\u06d4\u0964\u3002\uff01\uff1f"
"""These end a sentence, in Latin, Arabic, Urdu, Indic, Chinese and Japanese texts."""
OPENERS = "([\u00a1\u00bf\u201e\u201c\u00ab\u2018\u201a\u2039\u300c\u300e\uff08\"'"
PAIRS = dict(zip(OPENERS, ")]!?\u201c\u201d\u00bb\u2019\u2018\u203a\u300d\u300f\uff09\"'", strict=True))
CLOSERS = frozenset(PAIRS.values())
SPEECH = frozenset("\u00a1\u00bf\u201e\u201c\u00ab\u2018\u201a\u2039\u300c\u300e\"'")
"""After these a sentence begins, wherever they stand."""

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""A letter of a script that has no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han."""


def is_wordy(sign: str) -> bool:
    """Whether it belongs to a word: a letter, a figure, a mark upon one, or something that is not text."""
    return sign == OPAQUE or category(sign)[0] in "LNM"
