"""SPF, DKIM and DMARC of the sender's domain: which names to ask for, and what the answers mean."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from course.checkup import Finding, Grade

DKIM_KEY = re.compile(r"(^|;)\s*p=\s*[A-Za-z0-9+/]")


class Lack(NamedTuple):
    """What the lack of a record comes to; `said` goes on from the domain's name."""

    state: Grade
    said: str
    todo: str


@dataclass(frozen=True, slots=True)
class SenderDns:
    """What a domain should publish for mail that leaves by a certain provider: its DKIM key under one of the
    selectors, and an SPF record, and what it comes to where they are missing. `key` is the one, where it is known:
    any other is as good as none."""

    selectors: tuple[str, ...]
    without_spf: Lack
    without_key: Lack
    key: str = ""


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

Answers = Mapping[str, Sequence[str] | None]
"""The TXT records of each name; None where nobody could be asked."""


def names_to_ask(domain: str, expected: SenderDns) -> list[str]:
    """Whose TXT records `judge` needs."""
    return [domain, *_policy_names(domain), *_key_names(domain, expected)]


def judge(domain: str, answers: Answers, expected: SenderDns) -> list[Finding]:
    """A finding each for SPF, DKIM and DMARC; a single one if any name could not be looked up."""
    if any(answers[name] is None for name in names_to_ask(domain, expected)):
        said = f"The records of {domain} could not be looked up."
        return [Finding("DNS", "warning", said, "Ask again where the name servers can be reached.")]
    found = {name: texts or () for name, texts in answers.items()}
    keys = [text for name in _key_names(domain, expected) for text in found[name] if _is_key(text, expected.key)]
    policies = [text for name in _policy_names(domain) for text in found[name] if text.startswith("v=DMARC1")]
    return [
        _spf(domain, [text for text in found[domain] if re.match(r"v=spf1( |$)", text)], expected.without_spf),
        _dkim(domain, keys, expected.without_key),
        _dmarc(domain, policies),
    ]


def _policy_names(domain: str) -> list[str]:
    """A domain without a policy of its own has that of the one above."""
    labels = domain.split(".")
    return [f"_dmarc.{'.'.join(labels[at:])}" for at in range(max(len(labels) - 1, 1))]


def _key_names(domain: str, expected: SenderDns) -> list[str]:
    return [f"{selector}._domainkey.{domain}" for selector in expected.selectors]


def _is_key(record: str, expected: str) -> bool:
    if not expected:
        return DKIM_KEY.search(record) is not None
    told = re.search(r"(?:^|;)\s*p=([^;]*)", record)
    return told is not None and "".join(told[1].split()) == expected


def _spf(domain: str, records: Sequence[str], without: Lack) -> Finding:
    if len(records) > 1:
        said = f"{domain} has {len(records)} SPF records, so none counts."
        return Finding("SPF", "bad", said, "Put what they allow into one.")
    if records and re.search(r"\s\+?all(\s|$)", records[0]):
        return Finding("SPF", "bad", f"{domain} lets everybody send in its name.", "End the record with `~all`.")
    if records:
        return Finding("SPF", "good", f"{domain} says who may send in its name.")
    return Finding("SPF", without.state, f"{domain} {without.said}", without.todo)


def _dkim(domain: str, keys: Sequence[str], without: Lack) -> Finding:
    if keys:
        return Finding("DKIM", "good", f"{domain} publishes a key.")
    return Finding("DKIM", without.state, f"{domain} {without.said}", without.todo)


def _dmarc(domain: str, policies: Sequence[str]) -> Finding:
    if policies:
        return Finding("DMARC", "good", f"{domain} has a policy.")
    todo = f"Add a TXT record at `_dmarc.{domain}`, such as `v=DMARC1; p=none`; large mailboxes ask for one."
    return Finding("DMARC", "bad", f"{domain} has no DMARC policy.", todo)
