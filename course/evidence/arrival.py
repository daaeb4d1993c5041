"""A request reduced to what may be kept of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from course.evidence.agents import program_of
from course.evidence.browsers import sends_fetch_metadata
from course.evidence.hits import METHODS, Traits
from course.evidence.networks import Published, network_of

PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
AHEAD = ("prefetch", "prerender", "preview", "instant")
LONGEST_AGENT = 500
"""Signs of a `User-Agent` that are looked at; who sends more only wants to keep us busy."""

FETCH_METADATA = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest")


@dataclass(frozen=True, slots=True)
class Request:
    """What a request brings along; used on arrival, then thrown away. `secure`: it came by https."""

    method: str
    agent: str
    headers: Mapping[str, str]
    address: str
    secure: bool


def reduced(request: Request, networks: Iterable[Published] = (), provider_agents: Sequence[str] = ()) -> Traits:
    """`networks` as `read_networks` gives them; `provider_agents`: parts of those by which our mail providers look
    into mails themselves."""
    headers = {name.lower(): value.strip().lower() for name, value in request.headers.items()}
    method = request.method.upper()
    agent = request.agent[:LONGEST_AGENT]
    program = program_of(agent, provider_agents)
    return Traits(
        method=method if method in METHODS else "other",
        program=program,
        network=network_of(request.address, networks),
        ahead=any(word in headers.get(name, "") for name in PURPOSES for word in AHEAD),
        lacks=frozenset(_lacking(agent, headers, request.secure) if program == "browser" else ()),
        followed=_followed(headers),
    )


def _lacking(agent: str, headers: Mapping[str, str], secure: bool) -> Iterable[str]:
    if not headers.get("accept-language"):
        yield "language"
    if secure and sends_fetch_metadata(agent) and not any(map(headers.get, FETCH_METADATA)):
        yield "fetch-metadata"


def _followed(headers: Mapping[str, str]) -> bool | None:
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else None
