"""What stands behind the words of a link, and addresses that stand for themselves."""

import re
from html import unescape
from typing import NamedTuple

from course.content.markup.references import Target

# How long an address or a title may be: so far an end is looked for.
LONGEST = 2000
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
SPACE = r"[ \t]*\n?[ \t]*"
QUOTED = [rf"{sign}((?:[^{sign}\\]|\\.){{0,{LONGEST}}}){sign}" for sign in "\"'"]
TITLE = rf"(?:{QUOTED[0]}|{QUOTED[1]}|\(((?:[^()\\]|\\.){{0,{LONGEST}}})\))"
# Round brackets in pairs, two deep.
PLAIN = r"(?:[^\s()\\\x00-\x1f]|\\[^\s\x00-\x1f]|\\)*+"
PAIRED = rf"{PLAIN}(?:\({PLAIN}(?:\({PLAIN}\){PLAIN})*+\){PLAIN})*+"
INLINE = re.compile(
    rf"\({SPACE}(?:<((?:[^<>\n\\]|\\.){{0,{LONGEST}}})>|((?!<){PAIRED}))"
    rf"(?:(?:[ \t]+|[ \t]*\n[ \t]*){TITLE})?{SPACE}\)",
    flags=re.S,
)
AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x1f]*)>")
MAIL = re.compile(r"<([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*)>")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\[\]]+", flags=re.I)
TRAILING = re.compile(r"(?:[?!.,:;*_~'\"]|&[A-Za-z0-9]+;)+$")


def inline_target(text: str, at: int) -> tuple[Target, int] | None:
    """The target in round brackets at a place of a text, and where it ends."""
    if text[at : at + 1] != "(":
        return None
    found = INLINE.match(text, at, at + 3 * LONGEST)
    if found is None:
        return None
    title = next((group for group in found.groups()[2:] if group is not None), "")
    return Target(plain(found[1] if found[1] is not None else found[2]), plain(title)), found.end()


def plain(text: str) -> str:
    """Without escapes and entities."""
    return ENTITY.sub(_unescaped, ESCAPED.sub(r"\1", text)) if "\\" in text or "&" in text else text


def _unescaped(found: re.Match[str]) -> str:
    return unescape(found[0])


class Url(NamedTuple):
    address: str
    words: str


def bare_url(text: str, at: int) -> Url | None:
    """The address that begins here, without what belongs to the sentence around it (GitHub's autolinks)."""
    before = text[at - 1 : at]
    if before.isalnum() or (before in ("/", "@", ".", ":", "-", "_", "+") and before):
        return None
    found = URL.match(text, at)
    if found is None:
        return None
    words = found[0]
    open_ended = words.count(")") - words.count("(")
    while True:
        shorter = TRAILING.sub("", words)
        surplus = len(shorter) - len(shorter.rstrip(")"))
        cut = min(surplus, max(open_ended, 0))
        open_ended -= cut
        shorter = shorter[: len(shorter) - cut]
        if shorter == words:
            break
        words = shorter
    host = words.partition("://")[2] or words.partition("www.")[2]
    if not host.strip("."):
        return None
    return Url(words if "://" in words else f"http://{words}", words)
