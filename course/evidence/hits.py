"""The values: a hit, what is kept of its request, what a learner did, and what follows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from course.evidence.agents import Program

Act = Literal["opened", "clicked", "visited"]
Judgement = Literal["human", "machine", "unclear"]
Did = Literal["ticked", "watched", "sent", "read"]

Browser = tuple[str, str, tuple[str, ...]]
"""Whose it is, its session, and what it lacks: a program on a reader's own machine that looks at links calls
itself by the name of their browser, but seldom sends all that the browser does."""

METHODS = ("GET", "POST", "HEAD", "OPTIONS")
LEAST_READING_SECONDS = 15
LEAST_READING_SHARE = 0.25
CLOCKS_DIFFER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Traits:
    """All that is kept of a request: small, and no personal data.

    `network` is the name of a published network, such as `gateway/barracuda`, or nothing. `ahead`: the program
    itself called it a preparation. `lacks` is what this version of its browser always sends, and did not send.
    `followed` is what fetch metadata says: a link was followed, or something else happened; None if it is silent.
    """

    method: str = "GET"
    program: Program = "unknown"
    network: str = ""
    ahead: bool = False
    lacks: frozenset[str] = frozenset()
    followed: bool | None = None

    def kept(self) -> dict[str, object]:
        """As JSON holds it: only what is not as usual. `traits_of` reads it again."""
        usual = Traits()
        whole: dict[str, object] = {
            "method": self.method,
            "program": self.program,
            "network": self.network,
            "ahead": self.ahead,
            "lacks": sorted(self.lacks),
            "followed": self.followed,
        }
        return {name: value for name, value in whole.items() if value != getattr(usual, name) and value != []}


def traits_of(kept: Mapping[str, object]) -> Traits:
    """What `Traits.kept` wrote. What an older or newer Dayletter wrote beside it is passed over."""
    lacks = kept.get("lacks")
    followed = kept.get("followed")
    return Traits(
        method=str(kept.get("method", "GET")),
        program=str(kept.get("program", "unknown")),
        network=str(kept.get("network", "")),
        ahead=kept.get("ahead") is True,
        lacks=frozenset(map(str, lacks)) if isinstance(lacks, list) else frozenset(),
        followed=followed if isinstance(followed, bool) else None,
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """A request for the pixel or a link of a mail, or for a page.

    `key` is the event's own. `after` are the seconds since a server took the mail (`seconds_since`), None where
    nobody knows. `session` stands for one browser of one recipient on one day, `source` for one address on one
    day: hashes whose salt is forgotten, or empty. `trap`: the link that nobody can see. `flagged`: the mail
    provider calls it a machine's.
    """

    key: str
    act: Act
    at: datetime
    recipient: str
    mail: str
    link: str = ""
    after: float | None = None
    session: str = ""
    source: str = ""
    traits: Traits = Traits()
    trap: bool = False
    flagged: bool = False

    @property
    def browser(self) -> Browser:
        """Hits without a session stand alone."""
        return _browser(self.recipient, self.session or self.key, self.traits)


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did on a page: a tick, a part of a film played, a form sent; or read, for `seconds` of seeing
    the page, down to a `share` of it (0 to 1)."""

    did: Did
    at: datetime
    recipient: str
    session: str
    traits: Traits = Traits()
    seconds: float = 0
    share: float = 0

    @property
    def browser(self) -> Browser:
        return _browser(self.recipient, self.session, self.traits)

    @property
    def is_reading(self) -> bool:
        """Programs, too, may run a page's script and scroll; those that do are gone within seconds."""
        return self.did == "read" and self.seconds >= LEAST_READING_SECONDS and self.share >= LEAST_READING_SHARE


@dataclass(frozen=True, slots=True)
class Verdict:
    """`rule` is a name in `course.evidence.rules.RULES`."""

    judgement: Judgement
    rule: str


def _browser(recipient: str, session: str, traits: Traits) -> Browser:
    return recipient, session, tuple(sorted(traits.lacks))


def seconds_since(accepted: datetime | None, at: datetime) -> float | None:
    """How long after its acceptance a mail was asked for; never negative. A scanner may ask while the server still
    keeps our sender waiting for its answer; a clock that was set back by more than a minute tells nothing."""
    if accepted is None:
        return None
    seconds = (at - accepted).total_seconds()
    return max(0.0, seconds) if seconds > -CLOCKS_DIFFER_SECONDS else None
