"""SPF, DKIM and DMARC of the sender's domain: which names to ask for, and what the answers mean."""

import re
from collections.abc import Mapping, Sequence

from course.checkup import Finding

SENDGRID_SELECTORS = ("s1", "s2")
COMMON_SELECTORS = (*SENDGRID_SELECTORS, "default", "dkim", "google", "k1", "mail", "selector1", "selector2")
DKIM_KEY = re.compile(r"(^|;)\s*p=\s*[A-Za-z0-9+/]")

Answers = Mapping[str, Sequence[str] | None]
"""The TXT records of each name; None where nobody could be asked."""


def names_to_ask(domain: str, *, sendgrid: bool) -> list[str]:
    return [domain, *_policy_names(domain), *_key_names(domain, sendgrid)]


def judge(domain: str, answers: Answers, *, sendgrid: bool) -> list[Finding]:
    if any(answers[name] is None for name in names_to_ask(domain, sendgrid=sendgrid)):
        said = f"The records of {domain} could not be looked up."
        return [Finding("DNS", "warning", said, "Ask again where the name servers can be reached.")]
    found = {name: texts or () for name, texts in answers.items()}
    keys = [text for name in _key_names(domain, sendgrid) for text in found[name] if DKIM_KEY.search(text)]
    policies = [text for name in _policy_names(domain) for text in found[name] if text.startswith("v=DMARC1")]
    return [
        _spf(domain, [text for text in found[domain] if re.match(r"v=spf1( |$)", text)], sendgrid),
        _dkim(domain, keys, sendgrid),
        _dmarc(domain, policies),
    ]


def _policy_names(domain: str) -> list[str]:
    """A domain without a policy of its own has that of the one above."""
    labels = domain.split(".")
    return [f"_dmarc.{'.'.join(labels[at:])}" for at in range(max(len(labels) - 1, 1))]


def _key_names(domain: str, sendgrid: bool) -> list[str]:
    selectors = SENDGRID_SELECTORS if sendgrid else COMMON_SELECTORS
    return [f"{selector}._domainkey.{domain}" for selector in selectors]


def _spf(domain: str, records: Sequence[str], sendgrid: bool) -> Finding:
    if len(records) > 1:
        said = f"{domain} has {len(records)} SPF records, so none counts."
        return Finding("SPF", "bad", said, "Put what they allow into one.")
    if records and re.search(r"\s\+?all(\s|$)", records[0]):
        return Finding("SPF", "bad", f"{domain} lets everybody send in its name.", "End the record with `~all`.")
    if records:
        return Finding("SPF", "good", f"{domain} says who may send in its name.")
    if sendgrid:
        said = f"{domain} has no SPF record of its own."
        return Finding("SPF", "warning", said, "That is well if SendGrid shows the domain as authenticated.")
    todo = "Add a TXT record that names your mail server, such as `v=spf1 mx ~all`."
    return Finding("SPF", "bad", f"{domain} has no SPF record.", todo)


def _dkim(domain: str, keys: Sequence[str], sendgrid: bool) -> Finding:
    if keys:
        return Finding("DKIM", "good", f"{domain} publishes a key.")
    if sendgrid:
        todo = "Authenticate the domain in SendGrid's settings, and add the records it shows."
        return Finding("DKIM", "bad", f"{domain} publishes no key under the names SendGrid uses.", todo)
    said = f"{domain} publishes no key under the usual names."
    todo = "Look for `dkim=pass` in a mail you have received; if it is not there, set up DKIM on the mail server."
    return Finding("DKIM", "warning", said, todo)


def _dmarc(domain: str, policies: Sequence[str]) -> Finding:
    if policies:
        return Finding("DMARC", "good", f"{domain} has a policy.")
    todo = f"Add a TXT record at `_dmarc.{domain}`, such as `v=DMARC1; p=none`; large mailboxes ask for one."
    return Finding("DMARC", "bad", f"{domain} has no DMARC policy.", todo)
