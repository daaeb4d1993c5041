"""The address of a web site: `https://courses.example.org`. Pure."""

import re
from urllib.parse import SplitResult, urlsplit

from course.addresses.hosts import ascii_host

EXAMPLE = "https://courses.example.org"


def read_site(text: str) -> str:
    """The address as links begin with it: its host in A-labels, and no slash at its end.

    Raises ValueError with a sentence that says what to write instead. Below a path our pages would link past it.
    """
    try:
        parts = _taken_apart(text)
        host = ascii_host(parts.hostname or "")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        raise ValueError(f"write the site's address, such as `{EXAMPLE}`.") from None
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(f"nothing may follow the host and its port: write it as in `{EXAMPLE}`.")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _taken_apart(text: str) -> SplitResult:
    # Some of them `urlsplit` takes out without a word.
    if re.search(r"[\s\x00-\x20\x7f\\]", text):
        raise ValueError("blanks")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or parts.port == 0:
        raise ValueError("no web site, or one with a password that every reader would see")
    return parts
