"""What a domain's DKIM keys come to, for people."""

from collections.abc import Iterator

from course.checkup import Finding
from mailer.sender_dns.dkim_record import Fault, fault_of, is_withdrawn
from mailer.sender_dns.expected import SenderDns
from mailer.sender_dns.records import Records

ABOUT = "DKIM"


def of_dkim(domain: str, expected: SenderDns, records: Records) -> Iterator[Finding]:
    """One finding for each key with a fault, and one that says whether there is a good one. Raises Silent."""
    names = [f"{selector}._domainkey.{domain}" for selector in expected.selectors]
    # All of them are asked at once.
    for name in names:
        records.answer(name, "TXT")
    if _are_one([records.values(name, "TXT") for name in names]):
        names = []
    good, found = "", list[Finding]()
    for name in names:
        texts = records.values(name, "TXT")
        # Whoever is known to sign does not sign by a withdrawn key; elsewhere it is one of former times.
        if not texts or (not expected.key and all(is_withdrawn(text) for text in texts)):
            continue
        fault = _fault(texts, expected.key)
        if fault is None or fault.state != "bad":
            good = good or name
        if fault is not None:
            todo = fault.todo or expected.without_key.todo
            found.append(Finding(ABOUT, fault.state, f"The record at {name} {fault.said}", todo))
    if good and not found:
        yield Finding(ABOUT, "good", f"{domain} publishes a key at {good}.")
    elif found:
        yield from found
    else:
        lack = expected.without_key
        yield Finding(ABOUT, lack.state, f"{domain} {lack.said}", lack.todo)


def _are_one(found: list[tuple[str, ...]]) -> bool:
    """Whether every name has the same: then it stands for all there are, and is nobody's key."""
    return len(found) > 1 and bool(found[0]) and all(texts == found[0] for texts in found)


def _fault(texts: tuple[str, ...], expected: str) -> Fault | None:
    if len(texts) > 1:
        return Fault("bad", f"is one of {len(texts)}, so nobody can tell which counts.", "Keep one of them.")
    return fault_of(texts[0], expected)
