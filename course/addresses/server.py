"""A server with a user and a password: `scheme://USER:PASSWORD@HOST:PORT`. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

STRAY_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
STRAY_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


def parse_server(url: str, example: str) -> SplitResult:
    """The parts of the URL, whose sub-delimiters are percent-encoded where they stand for themselves (RFC 3986,
    section 3.2.1). Raises ValueError with a sentence that says what to write instead, and tells no password."""
    if STRAY_BLANK.search(url):
        raise ValueError("it holds a blank: percent-encode a space as %20.")
    if stray := _stray(url):
        raise ValueError(f"{percent_encode(stray)} in user, password or path.")
    try:
        parts = urlsplit(url)
        readable = parts.port != 0
    except ValueError:
        readable = False
    if not readable:
        raise ValueError(f"write `{example}`.")
    return parts


def percent_encode(sign: str) -> str:
    return f"percent-encode {sign} as %{ord(sign):02X}"


def _stray(url: str) -> str:
    """A sign that would end the part in which it was meant to stand; empty if there is none."""
    rest = url.partition("://")[2]
    if "#" in rest:
        return "#"
    if rest.startswith("/"):
        return ""
    before_options, _, options = rest.partition("?")
    if "@" not in before_options and "@" in options and "=" not in options.partition("@")[0]:
        return "?"
    user = before_options.rpartition("@")[0]
    if STRAY_PERCENT.search(user):
        return "%"
    return next((sign for sign in user if sign in "/[]\\"), "")
