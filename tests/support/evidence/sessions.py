"""The made-up sessions of `tests/cases/evidence/` as requests reach a site, and as the site keeps them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Literal, cast

from course.evidence.arrival import Request, reduced
from course.evidence.hits import Act, Deed, Did, Hit
from course.evidence.published import published_networks
from tests.support.evidence.draw import CASES

Part = Literal["tuning", "held_out"]
ACCEPTED = datetime(2026, 11, 2, 8, tzinfo=UTC)
LANGUAGE = {"Accept-Language": "en-GB,en;q=0.9"}
FOLLOWED = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SHOWN = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
FETCHED = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
SENDS: dict[str, dict[str, str]] = {
    "bare": {},
    "lang": LANGUAGE,
    "full": LANGUAGE | FOLLOWED,
    "followed": FOLLOWED,
    "image": LANGUAGE | SHOWN,
    "script": LANGUAGE | FETCHED,
}


@dataclass(frozen=True, slots=True)
class Session:
    """`people` and `machines` are keys of hits, by who made them."""

    kind: str
    number: int
    hits: tuple[Hit, ...]
    deeds: tuple[Deed, ...]
    people: frozenset[str]
    machines: frozenset[str]


def sessions(part: Part) -> list[Session]:
    agents = dict(line.split(maxsplit=1) for line in (CASES / "agents.txt").read_text().splitlines())
    texts = (CASES / f"{part}.txt").read_text().removeprefix("# ").split("\n# ")
    return [_session(text.splitlines(), agents) for text in texts]


def _session(lines: list[str], agents: dict[str, str]) -> Session:
    kind, number, site = lines[0].split()
    hits, deeds, by = list[Hit](), list[Deed](), dict[str, str]()
    for place, line in enumerate(lines[1:], 1):
        found = _read(line.split(), f"{kind}-{number}-{place}", agents, secure=site == "secure")
        if isinstance(found, Hit):
            hits.append(found)
            by[found.key] = line[0]
        else:
            deeds.append(found)
    people = frozenset(key for key, who in by.items() if who == "p")
    return Session(kind, int(number), tuple(hits), tuple(deeds), people, frozenset(by) - people)


def _read(cells: list[str], key: str, agents: dict[str, str], *, secure: bool) -> Hit | Deed:
    _, when, act, link, method, program, address, sends, recipient = cells
    name, _, version = program.partition("/")
    agent = agents[name].replace("{v}", version).removeprefix("-")
    usual, *more = sends.split(",")
    headers = SENDS[usual] | dict(header.split("=", 1) for header in more)
    at = ACCEPTED + timedelta(seconds=float(when))
    traits = reduced(Request(method, agent, headers, address, secure), published_networks())
    owner = f"{key.rsplit('-', 1)[0]}{recipient}"
    session = _hashed(owner, agent, address)
    if act in ("opened", "clicked", "visited"):
        return Hit(
            *(key, cast("Act", act), at, owner, owner),
            link=link,
            after=float(when),
            session=session,
            source=_hashed(address),
            traits=traits,
            trap=link == "trap",
        )
    did, seconds, share = [*act.split(":"), "0", "0"][:3]
    return Deed(cast("Did", did), at, owner, session, traits, float(seconds), float(share))


def _hashed(*parts: str) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:16]
