"""`{{ name }}`, for who gave a name and for who did not: one rule for mails and pages.

Without a name the slot goes with the comma, dash or space that belonged to it, and the sentence begins with a
capital letter again. `{{ name|friend }}` says what stands there instead.
"""

import re
from collections.abc import Iterator

from course.content.typesetting.edits import Edit, edited
from course.content.typesetting.removal import SPACES, Removal, begins, removals
from course.content.typesetting.signs import OPENERS
from course.content.typesetting.style import Names

OPEN, CLOSE = "\ue000", "\ue001"
"""Around a slot until it is filled. Markdown, HTML parsers and line wrapping leave these two as they are."""
NAME_MARK = f"{OPEN}name{CLOSE}"

# In a table, Markdown hands the bar on as an escaped one.
NAME = re.compile(r"\{\{\s{0,9}name\s{0,9}(?:(?:\||\x02124\x03)\s{0,9}([^\s{}|][^{}|\n]{0,99}))?\}\}")
PLAIN_WORD = re.compile(r"[^\W\d_]+(?![\w@/]|[.:][\w/])")
DOTTED = ("tr", "az")
"""Languages whose capital i keeps its dot."""


def said(text: str, names: Names, language: str = "") -> str:
    """A line with its slots as `names` wants them."""
    return edited(text, name_edits(text, names, language))


def name_edits(text: str, names: Names, language: str) -> list[Edit]:
    """What changes in a text, in order; found in time in proportion to its length."""
    if names == "as written" or "{{" not in text:
        return []
    if names == "marked":
        return [(found.start(), found.end(), NAME_MARK) for found in NAME.finditer(text)]
    return list(_without(text, language))


def instead(slot: re.Match[str]) -> str:
    """Return what the author wants for who gave no name; empty if they said nothing."""
    return (slot[1] or "").strip()


def lost(text: str) -> list[Removal]:
    """Return what goes when there is no name, in order. Slots that say what stands there instead lose nothing."""
    return removals(text, [(slot.start(), slot.end(), not instead(slot)) for slot in NAME.finditer(text)])


def _without(text: str, language: str) -> Iterator[Edit]:
    gone = {removal.first: removal for removal in lost(text)}
    settled, begun = 0, True
    for slot in NAME.finditer(text):
        if word := instead(slot):
            first = begins(text, settled, slot.start(), begun)
            yield slot.start(), slot.end(), _capital(word[0], language) + word[1:] if first else word
            settled, begun = slot.end(), False
        elif removal := gone.get(slot.start()):
            yield removal.start, removal.end, ""
            settled, begun = removal.end, removal.begins
            if removal.mends:
                yield from _mended(text, removal.end, language)


def _mended(text: str, at: int, language: str) -> Iterator[Edit]:
    """A capital letter for the word with which the sentence begins now, if it is an ordinary one."""
    while text[at : at + 1] and text[at] in SPACES + OPENERS:
        at += 1
    word = PLAIN_WORD.match(text, at)
    if word and word[0].islower():
        yield at, at + 1, _capital(text[at], language)


def _capital(letter: str, language: str) -> str:
    if letter == "i" and language.lower().partition("-")[0] in DOTTED:
        return "\u0130"
    return letter.title() if len(letter.title()) == 1 else letter
