"""Slugs: the names of courses and files, which stand in addresses."""

import re
from unicodedata import normalize

from course.errors import Refused
from course.language.words import Phrase

SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 100


SPELT_OUT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
"""Letters that are no letter of a to z with a mark."""


def slug_of(title: str) -> str:
    """`Crème brûlée, day 1` -> `creme-brulee-day-1`. Raises Refused for a title without letters or digits."""
    slug = plain_slug(title)
    if not slug:
        raise Refused(Phrase("Give a title with some letters from a to z, or digits: the file is named by them."))
    return slug


def plain_slug(title: str) -> str:
    """As `slug_of`, and empty for a title without letters or digits."""
    plain = normalize("NFKD", title.lower().translate(SPELT_OUT)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")


def check_slug(name: str) -> None:
    """Raises Refused, with what to write instead."""
    if not name:
        raise Refused(Phrase("Write the new name, such as `%(name)s`.", {"name": "first-steps"}))
    if not SLUG.fullmatch(name):
        better = {"name": name[:100], "better": plain_slug(name) or "first-steps"}
        raise Refused(
            Phrase(
                "`%(name)s` cannot be a name: write small letters from a to z, digits and hyphens, such as"
                " `%(better)s`.",
                better,
            )
        )
    if len(name) > LONGEST_SLUG:
        raise Refused(
            Phrase(
                "This name has %(length)s letters, and %(most)s are the most. Choose a shorter one.",
                {"length": len(name), "most": LONGEST_SLUG},
            )
        )
