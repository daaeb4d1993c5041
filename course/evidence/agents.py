"""What kind of program a `User-Agent` names. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from course.evidence.browsers import is_browser

Program = str
"""`browser`, `unknown`, `none`, `provider`, or a name in `PROGRAMS`."""


@dataclass(frozen=True, slots=True)
class Named:
    """Programs that give themselves away, and where it is told how they do."""

    program: Program
    pattern: re.Pattern[str]
    source: str


def _named(program: Program, words: str, source: str) -> Named:
    return Named(program, re.compile(words, re.I), source)


PROGRAMS = (
    _named(
        "headless",
        r"headlesschrome|phantomjs|slimerjs",
        "https://developer.chrome.com/docs/automation-and-testing/headless",
    ),
    _named(
        "gateway",
        r"barracuda|proofpoint|urldefense|mimecast|ciscosecureemail|ironport|\btmes\b|trend ?micro|sophos|"
        r"forti(?:mail|guard|sandbox)|safelinks|microsoft-urlanalyzer|messagelabs|symantec|forcepoint|hornetsecurity|"
        r"cloudmark|spamtitan|mailmarshal|avanan",
        "https://check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect",
    ),
    # Browsers of long ago that scanners still call themselves, to the letter.
    _named(
        "disguise",
        r"chrome/42\.0\.2311\.135 safari/537\.36 edge/12\.246|"
        r"msie 10\.0; windows nt 6\.2; wow64; trident/6\.0|;1813\)",
        "https://github.com/jdavidbakr/mail-tracker/issues/255",
    ),
    _named(
        "preview",
        r"facebookexternalhit|facebot|twitterbot|slackbot|slack-img|whatsapp/|telegrambot|linkedinbot|discordbot|"
        r"skypeuripreview|bingpreview|applebot|mastodon/|google-pagerenderer",
        "https://github.com/arcjet/well-known-bots/issues/36",
    ),
    _named(
        "image-proxy",
        r"googleimageproxy|ggpht\.com|yahoomailproxy",
        "https://www.scientiamobile.com/what-is-google-image-proxy/",
    ),
    _named("apple-proxy", r"^mozilla/5\.0$", "https://github.com/ua-parser/uap-core/issues/509"),
    # Cubot makes telephones.
    _named(
        "library",
        r"(?<!cu)bot\b|crawler|spider|scanner|\bpython|curl/|wget|go-http|\bjava/|libwww|axios/|node-fetch|undici|"
        r"httpclient|guzzle|headless|\bphp/|^ruby\b|postman",
        "https://github.com/pirsch-analytics/pirsch/issues/1",
    ),
    _named(
        "office",
        r"microsoft outlook|ms-?office|microsoft office|oneoutlook",
        "https://check.live-direct-marketing.online/blog/microsoft-defender-link-click-pattern",
    ),
)


def program_of(agent: str, provider_agents: Sequence[str] = ()) -> Program:
    """`provider_agents`: parts of those by which our mail providers look into mails themselves."""
    agent = agent.strip()
    if not agent or agent == "-":
        return "none"
    if any(part.lower() in agent.lower() for part in provider_agents):
        return "provider"
    named = next((row.program for row in PROGRAMS if row.pattern.search(agent)), None)
    return named or ("browser" if is_browser(agent) else "unknown")
