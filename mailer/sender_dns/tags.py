"""Lists of `tag=value;`, as DKIM keys (RFC 6376, 3.2) and DMARC policies (RFC 7489, 6.4) are written."""

import re

TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
# What editors make of straight quotes, and blanks that nobody sees.
ODD_SIGNS = re.compile("[^\\x20-\\x7e\\t\r\n]")


def read_tags(record: str) -> dict[str, str]:
    """The values by tag, in their order, without blanks around them. Raises ValueError with what is wrong, as
    words that go on from "It"."""
    if odd := ODD_SIGNS.search(record):
        raise ValueError(f"holds the sign `{odd[0]}`, which no such record may hold")
    tags: dict[str, str] = {}
    pieces = [piece.strip() for piece in record.split(";")]
    if pieces[-1] == "":
        pieces.pop()
    for piece in pieces:
        tag, equals, value = piece.partition("=")
        tag = tag.strip()
        if not equals or not TAG.fullmatch(tag):
            raise ValueError(f"has `{piece}` where `tag=value` should stand" if piece else "has `;;`")
        if tag in tags:
            raise ValueError(f"has `{tag}=` twice")
        tags[tag] = value.strip()
    return tags
