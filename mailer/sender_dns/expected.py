"""What a domain should publish for mail that leaves by a certain provider."""

from dataclasses import dataclass
from typing import NamedTuple

from course.checkup import Grade


class Lack(NamedTuple):
    """What the lack of a record comes to; `said` goes on from the domain's name."""

    state: Grade
    said: str
    todo: str


@dataclass(frozen=True, slots=True)
class SenderDns:
    """A domain's DKIM key under one of the selectors, and an SPF record, and what it comes to where they are
    missing. `key` is the one, where it is known: any other is as good as none. The SPF record should allow the
    addresses of `hosts`, where such are known. `include` is what it should name where the provider sends from
    addresses of its own; the envelope then has a domain that the provider chooses."""

    selectors: tuple[str, ...]
    without_spf: Lack
    without_key: Lack
    key: str = ""
    hosts: tuple[str, ...] = ()
    include: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, by domains: of From, of the envelope (where mail comes back), and of where answers go.
    `expected` is for the first of them. `signs`: every mail is signed in From's own name."""

    domain: str
    returns_to: str
    answers_to: str
    expected: SenderDns
    signs: bool = False


ANY_SERVER = SenderDns(
    selectors=("s1", "s2", "default", "dkim", "google", "k1", "mail", "selector1", "selector2"),
    without_spf=Lack(
        "bad",
        "has no SPF record.",
        "Add a TXT record that names your mail server, such as `v=spf1 mx ~all`.",
    ),
    without_key=Lack(
        "warning",
        "publishes no key under the usual names.",
        "Look for `dkim=pass` in a mail you have received; if it is not there, set up DKIM on the mail server.",
    ),
)
"""For a mail server of which no more is known than its address."""
