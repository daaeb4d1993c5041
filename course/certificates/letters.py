"""Which letters a printed certificate can set: what the fonts beside this module have."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
SERIF = "DejaVuSerif"
FALLBACKS = ("NotoSansDevanagari", "NotoSansThai", "DejaVuSans-letters", "DroidSansFallback-names")
"""Asked in this order. Fonts of one script come first, so that joiners stay with the letters that they join."""
WIDTH_FORMS = re.compile("[\uff01-\uffee]+")


def composed(text: str) -> str:
    """The text with each letter as fonts have it: Korean and accents in one piece, kana and Latin in their usual
    width."""
    usual = WIDTH_FORMS.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", usual)


def settable(text: str) -> str:
    """Return what of a text can be set, without emoji; nothing where a letter is missing, rather than part of a
    name."""
    shown = composed(text)
    if missing_letters(shown):
        return ""
    return " ".join("".join(sign for sign in shown if _is_known(sign)).split())


def missing_letters(text: str) -> str:
    """Return the letters, marks and figures of a text that no font has, each once."""
    if text.isascii():
        return ""
    lost = (sign for sign in composed(text) if not _is_known(sign) and unicodedata.category(sign)[0] in "LMN")
    return "".join(dict.fromkeys(lost))


@lru_cache
def signs_of(font: str) -> frozenset[int]:
    with TTFont(FONTS / f"{font}.ttf", lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _is_known(sign: str) -> bool:
    return any(ord(sign) in signs_of(font) for font in (SERIF, *FALLBACKS))
