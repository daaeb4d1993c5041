"""A mail of ours as it was received, judged: is it signed, and does that hold?"""

import re
from collections.abc import Iterator, Mapping, Sequence
from email.parser import BytesHeaderParser

from course.checkup import Finding
from mailer.dkim.checking import Signature, fault_in, signatures_of

METHODS = ("spf", "dkim", "dmarc")
COMMENT = re.compile(r"\([^()]*\)")


def of_signatures(raw: bytes, domain: str, records: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """`domain` is that of From; `records` are the texts at each signature's name."""
    about = "signature"
    ours = [signature for signature in signatures_of(raw) if _fits(signature, domain)]
    if not ours:
        said = f"The mail arrived without a signature in the name of {domain}."
        yield Finding(about, "bad", said, "Set up DKIM on the mail server, or set DKIM_KEY.")
        return
    faults = {signature.name: _fault(raw, signature, records.get(signature.name, ())) for signature in ours}
    if good := [name for name, fault in faults.items() if not fault]:
        yield Finding(about, "good", f"The mail arrived, and its signature holds by the key at {good[0]}.")
        return
    for name, fault in faults.items():
        todo = "See the finding on DKIM; where that is good, a server on the way changes mails: have that ended."
        yield Finding(about, "bad", f"The signature by the key at {name} does not hold: {fault}.", todo)


def of_results(raw: bytes) -> Iterator[Finding]:
    """What the receiving server made of it (RFC 8601), by the topmost header, which is the last that was added.
    Nothing where it says nothing."""
    about = "as received"
    header = BytesHeaderParser().parsebytes(raw).get("Authentication-Results")
    if not header:
        return
    results = results_of(str(header))
    bad = [f"{method}={result}" for method, result in results.items() if result not in ("pass", "none")]
    if bad:
        said = f"The receiving server found {', '.join(bad)}."
        todo = "See the findings on SPF, DKIM and DMARC; the mail's own header Authentication-Results says more."
        grave = results.get("dmarc", "pass") not in ("pass", "none") or len(bad) > 1
        yield Finding(about, "bad" if grave else "warning", said, todo)
    elif results:
        found = ", ".join(f"{method}={result}" for method, result in results.items())
        yield Finding(about, "good", f"The receiving server found {found}.")


def results_of(header: str) -> dict[str, str]:
    """Of SPF, DKIM and DMARC; of several signatures the best."""
    results: dict[str, str] = {}
    for part in COMMENT.sub(" ", header).split(";")[1:]:
        if found := re.match(r"\s*(\w+)\s*=\s*(\w+)", part):
            method, result = found[1].lower(), found[2].lower()
            if method in METHODS and results.get(method) != "pass":
                results[method] = result
    return results


def _fits(signature: Signature, domain: str) -> bool:
    theirs = signature.domain
    return theirs == domain or domain.endswith(f".{theirs}") or theirs.endswith(f".{domain}")


def _fault(raw: bytes, signature: Signature, records: Sequence[str]) -> str:
    if not records:
        return "there is no such record"
    return fault_in(raw, signature, records[0])
