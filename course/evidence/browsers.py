"""Browsers, and what each always sends from which version on. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Browser:
    """`version` finds its number in a `User-Agent`; from `fetch_metadata` on it sends `Sec-Fetch-*` to https."""

    name: str
    version: re.Pattern[str]
    fetch_metadata: tuple[int, int]


SOURCE = (
    "https://chromium.googlesource.com/external/github.com/mdn/browser-compat-data/"
    "+/HEAD/http/headers/Sec-Fetch-Site.json"
)
BROWSERS = (
    Browser("Firefox", re.compile(r"\bFirefox/(\d+)\.(\d+)"), (90, 0)),
    # Edge, Opera, Samsung Internet and others name the Chrome that they are made of.
    Browser("Chrome", re.compile(r"\bChrome/(\d+)\.(\d+)"), (76, 0)),
    # On iOS all browsers are Safari's engine, as old as the system is.
    Browser("Safari on iOS", re.compile(r"\bCPU (?:iPhone )?OS (\d+)_(\d+).*\bSafari/"), (16, 4)),
    Browser("Safari", re.compile(r"\bVersion/(\d+)\.(\d+).*\bSafari/"), (16, 4)),
)
IN_AN_APP = re.compile(r"; wv\)|\bElectron/")
"""What an app does with a page it shows, the app decides."""

THUNDERBIRD = re.compile(r"\bThunderbird/")


def is_browser(agent: str) -> bool:
    return not _is_special(agent) and _known(agent) is not None


def sends_fetch_metadata(agent: str) -> bool:
    """Whether this version always tells sites under https what it fetches for. Over http no browser does:
    https://searchfox.org/mozilla-central/source/testing/web-platform/tests/fetch/metadata/tools/fetch-metadata.conf.yml"""
    known = None if _is_special(agent) else _known(agent)
    return known is not None and known[1] >= known[0].fetch_metadata


def _is_special(agent: str) -> bool:
    return IN_AN_APP.search(agent) is not None or THUNDERBIRD.search(agent) is not None


def _known(agent: str) -> tuple[Browser, tuple[int, int]] | None:
    for browser in BROWSERS:
        if found := browser.version.search(agent):
            return browser, (int(found[1]), int(found[2]))
    return None
