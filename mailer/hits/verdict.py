"""Human or machine: what an open or a click is worth, with the rule that said so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Judgement = Literal["human", "machine", "unclear"]

SCANNERS = re.compile(
    r"bot\b|crawler|spider|scanner|preview|barracuda|proofpoint|mimecast|urldefense|safelinks|"
    r"python|curl|wget|go-http|java/|okhttp|headless(?!chrome)|facebookexternalhit|slackbot",
    re.I,
)
PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|ggpht\.com", re.I)
TOO_SOON_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Verdict:
    judgement: Judgement
    rule: str


def judge(
    agent: str, method: str, seconds_since_sent: float | None, provider_agents: Sequence[str] = ()
) -> Verdict:
    """An open or a click by `agent` (User-Agent); `seconds_since_sent` is None where nobody knows when.
    `provider_agents`: parts of those by which our mail providers look into mails themselves."""
    if method != "GET":
        return Verdict("machine", "head-request")
    if not agent:
        return Verdict("machine", "no-agent")
    if any(part.lower() in agent.lower() for part in provider_agents):
        return Verdict("machine", "provider-agent")
    if SCANNERS.search(agent):
        return Verdict("machine", "scanner-agent")
    if agent == "Mozilla/5.0":
        # Apple's Mail Privacy Protection fetches every picture with just this.
        return Verdict("machine", "apple-privacy")
    if PROXIES.search(agent):
        return Verdict("unclear", "image-proxy")
    if seconds_since_sent is not None and seconds_since_sent < TOO_SOON_SECONDS:
        return Verdict("unclear", "too-soon")
    return Verdict("human", "reader")
