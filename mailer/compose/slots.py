"""Markers that stand for slots while a mail is rendered, and the parts they become."""

import re
from collections.abc import Collection

from mailer.compose.message import Part

# Two private-use characters: Markdown, Jinja, HTML parsers and line wrapping all leave them as they are.
OPEN, CLOSE = "\ue000", "\ue001"
MARKER = re.compile(f"{OPEN}([a-z_]+){CLOSE}")
AUTHORS_NAME = re.compile(r"\{\{\s*name\s*\}\}")
ADDRESSED = re.compile(rf"(?m)(?:^|(?<=>)){OPEN}name{CLOSE},?[ \t]*|[ \t,]*{OPEN}name{CLOSE}")


def slot(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def part(text: str, allowed: Collection[str], around_names: tuple[str, str] = ("", "")) -> Part:
    """Splits at the markers. An author's `{{ name }}` counts as one; a slot that is not allowed is left out."""
    text = AUTHORS_NAME.sub(slot("name"), text)
    if "name" not in allowed:
        text = ADDRESSED.sub("", text)
    text = text.replace(slot("name"), slot("name").join(around_names))
    text = MARKER.sub(lambda found: found[0] if found[1] in allowed else "", text)
    pieces = MARKER.split(text)
    return Part(tuple(pieces[::2]), tuple(pieces[1::2]))


def fixed(text: str) -> str:
    """One line without any slot, for places where every learner must find the same."""
    return " ".join(part(text, ()).texts[0].split())
