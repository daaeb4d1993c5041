"""A DMARC policy as it stands in DNS (RFC 7489, 6.3, and its successor, RFC 9989)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailer.sender_dns.tags import read_tags

POLICIES = ("none", "quarantine", "reject")
KNOWN = frozenset(
    {"v", "p", "sp", "np", "adkim", "aspf", "fo", "pct", "psd", "rf", "ri", "rua", "ruf", "t"},
)
ONE_OF: Mapping[str, tuple[str, ...]] = {
    "adkim": ("r", "s"),
    "aspf": ("r", "s"),
    "psd": ("y", "n", "u"),
    "t": ("y", "n"),
}
RECORD = re.compile(r"v\s*=\s*DMARC1\s*(?:;|$)")
MAILTO = re.compile(r"mailto:[^@\s,!]+@([^@\s,!]+)(?:![0-9]+[kmgt]?)?", re.IGNORECASE)


class DmarcError(Exception):
    """The record is no policy. `todo` says what to write instead."""

    def __init__(self, said: str, todo: str) -> None:
        super().__init__(said)
        self.todo = todo


@dataclass(frozen=True, slots=True)
class Policy:
    """`tags` as they are written; `at` is the name the record stands at, without its `_dmarc.`"""

    at: str
    tags: Mapping[str, str]

    def asks_for(self, domain: str) -> str:
        """What is to be done with a mail of the domain that fails."""
        own = self.tags.get("p", "none").lower()
        return own if domain == self.at else self.tags.get("sp", own).lower()

    def is_strict(self, tag: str) -> bool:
        """Whether `adkim` or `aspf` takes the very domain alone."""
        return self.tags.get(tag, "r").lower() == "s"

    def reports_to(self) -> Iterator[str]:
        """The domains that are to get reports."""
        for tag in ("rua", "ruf"):
            for address in self.tags.get(tag, "").split(","):
                if found := MAILTO.fullmatch(address.strip()):
                    yield found[1].lower().rstrip(".")


def read_policy(at: str, record: str) -> Policy:
    """Raises DmarcError, in words that go on from "The record"."""
    try:
        tags = read_tags(record)
    except ValueError as problem:
        raise DmarcError(str(problem), "Write it as in `v=DMARC1; p=none`.") from None
    for tag in ("p", "sp", "np"):
        if tag in tags and tags[tag].lower() not in POLICIES:
            raise DmarcError(
                f"says `{tag}={tags[tag]}`, which is no policy",
                f"Write `{tag}=none`, `{tag}=quarantine` or `{tag}=reject`.",
            )
    if "p" not in tags:
        raise DmarcError("has no `p=`, so many count it as none", "Write `v=DMARC1; p=none` and then the rest.")
    return Policy(at, tags)


def doubts_of(policy: Policy) -> Iterator[tuple[str, str]]:
    """What others pass over in a policy that is right as such: what it is, and what to do."""
    if list(policy.tags)[1] != "p":
        yield "has `p=` not right after `v=DMARC1`, where some look for it alone", "Write `v=DMARC1; p=...` first"
    for tag, value in policy.tags.items():
        if tag not in KNOWN:
            yield f"says `{tag}=`, which nobody knows", f"Take `{tag}={value}` out, or correct its name"
        elif tag in ONE_OF and value.lower() not in ONE_OF[tag]:
            yield f"says `{tag}={value}`", f"Write {' or '.join(f'`{tag}={one}`' for one in ONE_OF[tag])}"
        elif tag == "fo" and not {part.strip().lower() for part in value.split(":")} <= {"0", "1", "d", "s"}:
            yield f"says `fo={value}`", "Write `fo=1`, or leave it out"
        elif tag == "pct" and not (value.isascii() and value.isdigit() and int(value) <= 100):
            yield f"says `pct={value}`", "Leave `pct=` out"
        elif tag in ("rua", "ruf"):
            for address in filter(None, (each.strip() for each in value.split(","))):
                if not MAILTO.fullmatch(address):
                    yield f"sends reports to `{address}`", f"Write `{tag}=mailto:reports@example.org`"
