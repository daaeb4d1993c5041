"""What TLS shows of a server, judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from course.checkup import Finding

SOON_DAYS, VERY_SOON_DAYS = 21, 7
"""Authorities that renew by themselves do so thirty days before the end."""

GOOD_VERSIONS = ("TLSv1.2", "TLSv1.3")


@dataclass(frozen=True, slots=True)
class Seen:
    """`version` as `TLSv1.3`; `ends_at` is when the certificate ends (UTC), None where there was none to see."""

    version: str
    ends_at: datetime | None


def of_certificate(about: str, host: str, seen: Seen, now: datetime) -> Iterator[Finding]:
    """For a certificate that was found valid, and its name right: only what is to come."""
    if seen.version not in GOOD_VERSIONS:
        said = f"{host} speaks {seen.version or 'an old TLS'}, which is not safe any more."
        yield Finding(about, "warning", said, "Have its operator switch on TLS 1.2 and 1.3.")
    if seen.ends_at is None:
        return
    days = (seen.ends_at - now).days
    said = f"The certificate of {host} ends in {days} days."
    if days < SOON_DAYS:
        todo = "Renew it now, and see why it was not renewed by itself."
        yield Finding(about, "bad" if days < VERY_SOON_DAYS else "warning", said, todo)
    else:
        yield Finding(about, "good", f"{host} is reached by {seen.version}; its certificate ends in {days} days.")


def of_no_certificate(about: str, host: str, why: str) -> Finding:
    """For TLS that did not come about; `why` in the words of the TLS library."""
    told = f"{host} and we find no safe TLS: {why}."
    match why.lower():
        case said if "hostname mismatch" in said or "ip address mismatch" in said:
            todo = f"The certificate has another name: have one made for {host}, or write the name it has."
        case said if "expired" in said:
            todo = "Renew the certificate."
        case said if "self-signed" in said or "self signed" in said or "unable to get local issuer" in said:
            todo = "Have it made by an authority that is known, and send the certificates between, too."
        case _:
            todo = "Have its operator switch on TLS 1.2 and 1.3, with a certificate of a known authority."
    return Finding(about, "bad", told, todo)
