"""All that is to be said of a sender's domain."""

from collections.abc import Iterable, Iterator

from course.checkup import Finding
from mailer.sender_dns.alignment import of_alignment
from mailer.sender_dns.dkim_judge import of_dkim
from mailer.sender_dns.dmarc import of_dmarc
from mailer.sender_dns.expected import Sender
from mailer.sender_dns.mail_servers import of_mail_servers
from mailer.sender_dns.records import Records, Silent
from mailer.sender_dns.spf_judge import of_spf

IN_ORDER = ("SPF", "DKIM", "DMARC", "alignment", "MX")


def judge(sender: Sender, records: Records) -> list[Finding]:
    """What is known of the sender's domain by now; `records.lacking` says what is still to be asked for more."""
    findings: list[Finding] = []
    for about, part in _parts(sender, records):
        try:
            findings += part
        except Silent as unheard:
            said = f"It could not be asked: {unheard} could not be looked up."
            findings.append(Finding(about, "warning", said, "Ask again where the name servers can be reached."))
    return findings


def _parts(sender: Sender, records: Records) -> Iterator[tuple[str, Iterable[Finding]]]:
    for domain in dict.fromkeys([sender.domain, sender.returns_to]):
        yield "SPF", of_spf(domain, sender.expected, records)
    yield "DKIM", of_dkim(sender.domain, sender.expected, records)
    yield "DMARC", of_dmarc(sender.domain, records)
    yield "alignment", of_alignment(sender, records)
    takers = {sender.returns_to: "bounces", sender.answers_to: "answers"}
    if sender.returns_to == sender.answers_to:
        takers = {sender.returns_to: "bounces and answers"}
    for domain, what_for in takers.items():
        yield "MX", of_mail_servers(domain, what_for, records)
