"""Which DMARC policy holds for a domain: its own, or that of one above (RFC 7489, 6.6.3, and RFC 9989).

It is looked for upwards, name by name, as the tree walk of RFC 9989 does: so no list of public suffixes is needed.
"""

from collections.abc import Iterator

from course.checkup import Finding
from mailer.sender_dns.dmarc_record import RECORD, DmarcError, Policy, doubts_of, read_policy
from mailer.sender_dns.records import Records

ABOUT = "DMARC"
MOST_STEPS = 8


def policy_of(domain: str, records: Records) -> Policy | None:
    """The one that holds; None where there is none. Raises DmarcError for one that is none, with its place before
    its words, and Silent."""
    for at in _upwards(domain, records):
        found = [text for text in records.values(f"_dmarc.{at}", "TXT") if RECORD.match(text)]
        if len(found) > 1:
            raise DmarcError(f"at _dmarc.{at} is one of {len(found)}, so none counts", "Keep one of them.")
        if found:
            try:
                return read_policy(at, found[0])
            except DmarcError as problem:
                raise DmarcError(f"at _dmarc.{at} {problem}", problem.todo) from None
    return None


def organisation_of(domain: str, records: Records) -> str:
    """The domain that stands for all of an owner's names (RFC 9989); the one itself if no policy tells.
    Raises Silent."""
    organisation = domain
    for at in _upwards(domain, records):
        for text in records.values(f"_dmarc.{at}", "TXT"):
            if RECORD.match(text):
                if "psd=y" in text.replace(" ", "").lower():
                    return organisation
                organisation = at
                if "psd=n" in text.replace(" ", "").lower():
                    return organisation
    return organisation


def of_dmarc(domain: str, records: Records) -> Iterator[Finding]:
    """One finding for each fault; a good one if there is none. Raises Silent."""
    try:
        policy = policy_of(domain, records)
    except DmarcError as problem:
        yield Finding(ABOUT, "bad", f"The record {problem}.", problem.todo)
        return
    if policy is None:
        yield _without(domain, records)
        return
    found = [
        Finding(ABOUT, "warning", f"The record at _dmarc.{policy.at} {said}.", f"{todo}.")
        for said, todo in (*doubts_of(policy), *_unwilling(policy, records))
    ]
    whose = "" if policy.at == domain else f" of {policy.at}"
    said = f"{domain} has a policy{whose}: `{policy.asks_for(domain)}`."
    yield from found or [Finding(ABOUT, "good", said)]


def _without(domain: str, records: Records) -> Finding:
    for text in records.values(f"_dmarc.{domain}", "TXT"):
        if "dmarc" in text.lower():
            said = f"What stands at _dmarc.{domain} is no policy: `{text}` does not begin with `v=DMARC1;`."
            return Finding(ABOUT, "bad", said, "Write it as in `v=DMARC1; p=none`.")
    todo = f"Add a TXT record at `_dmarc.{domain}`, such as `v=DMARC1; p=none`; large mailboxes ask for one."
    return Finding(ABOUT, "bad", f"{domain} has no DMARC policy.", todo)


def _unwilling(policy: Policy, records: Records) -> Iterator[tuple[str, str]]:
    """Other owners' domains that did not agree to get reports (RFC 7489, 7.1)."""
    for to in dict.fromkeys(policy.reports_to()):
        if to == policy.at or to.endswith(f".{policy.at}") or policy.at.endswith(f".{to}"):
            continue
        name = f"{policy.at}._report._dmarc.{to}"
        agreed = any(RECORD.match(text) for text in records.values(name, "TXT"))
        if not agreed and organisation_of(to, records) != organisation_of(policy.at, records):
            yield (
                f"sends reports to {to}, which does not agree to it, so none are sent",
                f"Have `v=DMARC1;` published at `{name}`, or send them to an address of {policy.at}",
            )


def _upwards(domain: str, records: Records) -> Iterator[str]:
    """The name itself, then those above; of a long one only the last. All are asked for at once."""
    labels = domain.split(".")
    names = [".".join(labels[at:]) for at in range(max(len(labels) - 1, 1))]
    names = [names[0], *names[1:][-(MOST_STEPS - 1) :]]
    for name in names:
        records.lacking.update(records.unasked(f"_dmarc.{name}", "TXT"))
    yield from names
