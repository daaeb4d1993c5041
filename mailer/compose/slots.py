"""Markers that stand for slots while a mail is rendered, and the parts they become."""

import re
from collections.abc import Collection

from course.addresses.marks import one_line
from course.content.typesetting.names import CLOSE, NAME_MARK, OPEN, said
from mailer.compose.message import Part

MARKER = re.compile(f"{OPEN}([a-z_]+){CLOSE}")


def slot(name: str) -> str:
    return f"{OPEN}{name}{CLOSE}"


def part(text: str, allowed: Collection[str], around_names: tuple[str, str] = ("", "")) -> Part:
    """Splits at the markers. A slot that is not allowed is left out."""
    text = text.replace(NAME_MARK, NAME_MARK.join(around_names))
    text = MARKER.sub(lambda found: found[0] if found[1] in allowed else "", text)
    pieces = MARKER.split(text)
    return Part(tuple(pieces[::2]), tuple(pieces[1::2]))


def fixed(text: str) -> str:
    """One line without any slot, for places where every learner must find the same."""
    return one_line(part(said(text, "left out"), ()).texts[0])
