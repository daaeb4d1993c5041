"""A mail server, as MAIL_URL names it."""

from dataclasses import dataclass

from course.checkup import Finding
from course.variables import LOOPBACK, Variables
from mailer.providers.contract import ProviderKind
from mailer.providers.smtp.address import EXAMPLE, SmtpServer, parse_smtp
from mailer.providers.smtp.provider import Smtp
from mailer.sender_dns import ANY_SERVER, SenderDns


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    address: SmtpServer

    @property
    def stays_here(self) -> bool:
        return self.address.host in LOOPBACK

    @property
    def webhook(self) -> None:
        """A mail server tells no events."""

    @property
    def sender_dns(self) -> SenderDns:
        return ANY_SERVER

    def doubts(self) -> tuple[Finding, ...]:
        return ()

    def open(self) -> Smtp:
        return Smtp(self.address)


def read_settings(variables: Variables, mail_url: str | None) -> SmtpSettings | None:
    if mail_url is None:
        return None
    try:
        return SmtpSettings(parse_smtp(mail_url))
    except ValueError as problem:
        variables.problem("MAIL_URL", str(problem))
        return None


SMTP = ProviderKind(name="smtp", mail_url=EXAMPLE, read=read_settings)
