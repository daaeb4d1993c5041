"""Whether a mail passes DMARC: by SPF for the envelope, or by a signature, in the name that readers see
(RFC 7489, 3.1)."""

from collections.abc import Iterator

from course.checkup import Finding
from mailer.sender_dns.dmarc import organisation_of, policy_of
from mailer.sender_dns.dmarc_record import DmarcError
from mailer.sender_dns.expected import Sender
from mailer.sender_dns.records import Records

ABOUT = "alignment"


def of_alignment(sender: Sender, records: Records) -> Iterator[Finding]:
    """Nothing where no policy can be read: that is told by itself. Raises Silent."""
    try:
        policy = policy_of(sender.domain, records)
    except DmarcError:
        return
    if sender.expected.include:
        yield from _by_the_provider(sender, records)
        return
    strict = policy is not None and policy.is_strict("aspf")
    by_envelope = are_aligned(sender.domain, sender.returns_to, strict, records)
    if by_envelope or sender.signs:
        ways = [
            *(["the envelope's domain"] if by_envelope else []),
            *(["the signature's domain"] if sender.signs else []),
        ]
        yield Finding(
            ABOUT, "good", f"For DMARC, {' and '.join(ways)} fit{'s' * (len(ways) == 1)} {sender.domain}."
        )
        return
    asked = policy.asks_for(sender.domain) if policy is not None else "none"
    how = " to the letter, as `aspf=s` asks" if strict else ""
    said = f"Mails come back to {sender.returns_to}, not to {sender.domain}{how}: DMARC rests on DKIM alone."
    todo = (
        f"Have MAIL_BOUNCES at {sender.domain}, or be sure that mails are signed in its name (DKIM_KEY does so)."
    )
    if asked != "none":
        todo += f" Its policy is `{asked}`: without such a signature no mail arrives."
    yield Finding(ABOUT, "warning", said, todo)


def _by_the_provider(sender: Sender, records: Records) -> Iterator[Finding]:
    """Where the envelope has a name of the provider's own, all rests on the keys. Without any, DKIM's finding says
    enough."""
    names = [f"{selector}._domainkey.{sender.domain}" for selector in sender.expected.selectors]
    if any(records.values(name, "TXT") for name in names):
        yield Finding(ABOUT, "good", f"For DMARC, the signature's domain fits {sender.domain}.")


def are_aligned(domain: str, other: str, strict: bool, records: Records) -> bool:
    """Whether both belong to one owner, as far as DNS tells. Raises Silent."""
    if strict or domain == other:
        return domain == other
    if domain.endswith(f".{other}") or other.endswith(f".{domain}"):
        return True
    return organisation_of(domain, records) == organisation_of(other, records)
