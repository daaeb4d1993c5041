"""The DNS of who sends, asked and judged."""

from email.utils import parseaddr

from dns.resolver import Resolver

from course.checkup import Finding
from course.settings import Settings
from mailer.runtime import own_mailbox
from mailer.sender_dns.asking import look_up
from mailer.sender_dns.expected import Sender, SenderDns
from mailer.sender_dns.judge import judge


def of_domain(settings: Settings, expected: SenderDns, resolver: Resolver | None = None) -> list[Finding]:
    """Findings on SPF, DKIM, DMARC, alignment and MX; `resolver` is the system's where none is given."""
    if settings.outbox is not None:
        return [Finding("DNS", "good", "Mails that stay here need no SPF, DKIM or DMARC.")]
    sender = sender_of(settings, expected)
    return look_up(lambda records: judge(sender, records), resolver)


def sender_of(settings: Settings, expected: SenderDns) -> Sender:
    domain = domain_of(settings.mail_from)
    mailbox = own_mailbox(settings)
    return Sender(
        domain=domain,
        returns_to=domain_of(mailbox.address) if mailbox is not None else domain,
        answers_to=domain_of(settings.mail_reply_to),
        expected=expected,
        signs=bool(expected.key),
    )


def domain_of(mailbox: str) -> str:
    return parseaddr(mailbox)[1].rpartition("@")[2].lower()
