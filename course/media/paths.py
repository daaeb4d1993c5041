"""From an address as an author wrote it to the file in `media/` that is meant."""

import re
from collections.abc import Collection
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import unquote

MEDIA = re.compile(r"(?:\./)*(?:\.\./)?(?:\./)*media/+([^?#]+)", re.I)


@lru_cache(maxsize=4096)
def path_meant(address: str) -> str | None:
    """Return the path below the course's folder that an address leads to, `media/...`; None for one that leads
    elsewhere.

    `./` and `../` before it, signs written as `%20`, a question and a place in the file are left out. Letters
    with marks are composed (NFC), as most keyboards write them.
    """
    found = MEDIA.match(address)
    return f"media/{normalize('NFC', unquote(found[1]))}" if found else None


def place_in(address: str) -> str:
    """Return what an address says behind the file: `#page=3`; empty if it says nothing."""
    found = MEDIA.match(address)
    return address[found.end() :] if found else ""


def find(path: str, files: Collection[str]) -> str | None:
    """Return the file that a path means, as it is called on disk; None if there is none.

    A disk may spell letters with marks in two ways (archives made on a Mac take them apart), and authors whose
    disk takes `A.png` and `a.png` for one file write either: the one file that is the same but for that is meant.
    """
    if path in files:
        return path
    for same in (_composed, _folded):
        found = [file for file in files if same(file) == same(path)]
        if len(found) == 1:
            return found[0]
    return None


def _composed(path: str) -> str:
    return normalize("NFC", path)


def _folded(path: str) -> str:
    return normalize("NFC", path).casefold()
