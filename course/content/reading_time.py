"""How long a text takes to read, also one whose script has no spaces between words."""

import re

WORDS_PER_MINUTE = 238
"""Silent reading of English non-fiction by adults: Brysbaert 2019, doi:10.1016/j.jml.2019.104047."""

HAN_AND_KANA = (
    "\u3000-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
THAI_LAO_BURMESE_KHMER = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0eff\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f\u1780-\u17ff\u19e0-\u19ff"
)
CHARACTERS_PER_MINUTE = {HAN_AND_KANA: 500, THAI_LAO_BURMESE_KHMER: 882}
"""For Chinese and Japanese, with their punctuation, the measure that Medium publishes (its help page "Read time").
Thai, Lao, Burmese and Khmer letters stand for sounds as those of alphabets do: 68 milliseconds each, the mean of
fourteen languages with alphabets (Trauzettel-Klosinski and Dietz 2012, doi:10.1167/iovs.11-8284)."""

UNSPACED = [(re.compile(f"[{signs}]+"), rate) for signs, rate in CHARACTERS_PER_MINUTE.items()]

WORD = re.compile(r"\w[\w'\u2019-]*")
BEYOND_LATIN = re.compile("[^\x00-\u02ff\u2010-\u2027\u2030-\u205e]|\u00ad")
LONG_WORD = re.compile(r"\w[\w'\u2019\u00ad\u200c\u200d\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff-]*")
"""Soft hyphens, joiners and the marks upon letters part no words."""


def words_worth(text: str) -> int:
    """Return how many words a text is worth: those between spaces, and for each stretch of a script without spaces
    as many as are read in the same time."""
    if not BEYOND_LATIN.search(text):
        return len(WORD.findall(text))
    worth = 0.0
    for signs, rate in UNSPACED:
        stretches = signs.findall(text)
        worth += sum(map(len, stretches)) * WORDS_PER_MINUTE / rate
        text = signs.sub(" ", text)
    return len(LONG_WORD.findall(text)) + round(worth)
