"""A mail server, as MAIL_URL names it."""

from dataclasses import dataclass, replace

from course.checkup import Finding
from course.variables import LOOPBACK, Variables
from mailer.providers.contract import ProviderKind
from mailer.providers.smtp.address import EXAMPLE, SmtpServer, parse_smtp
from mailer.providers.smtp.our_name import is_legal_name
from mailer.providers.smtp.provider import PLAIN, Bearing, Smtp
from mailer.return_path import BounceMailbox, read_mailbox
from mailer.sender_dns import ANY_SERVER, SenderDns

LEGAL_NAME = (
    "a host name such as `mail.example.org`, with `xn--...` for what is not ASCII, or an address literal such as"
    " `[192.0.2.1]`"
)


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    address: SmtpServer
    bearing: Bearing = PLAIN

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
        return Smtp(self.address, bearing=self.bearing)


def read_settings(variables: Variables, mail_url: str | None) -> SmtpSettings | None:
    name = variables.get("EHLO_NAME")
    if name and not is_legal_name(name):
        variables.problem("EHLO_NAME", f"write {LEGAL_NAME}, not `{name}`.")
    bearing = Bearing(_read_mailbox(variables))
    if mail_url is None:
        return None
    try:
        return SmtpSettings(replace(parse_smtp(mail_url), ehlo_name=name), bearing)
    except ValueError as problem:
        variables.problem("MAIL_URL", str(problem))
        return None


def _read_mailbox(variables: Variables) -> BounceMailbox | None:
    try:
        return read_mailbox(variables.get("MAIL_BOUNCES"), variables.get("MAIL_FROM"))
    except ValueError as problem:
        variables.problem("MAIL_BOUNCES", str(problem))
        return None


SMTP = ProviderKind(
    name="smtp",
    mail_url=EXAMPLE,
    read=read_settings,
    variables=("EHLO_NAME", "MAIL_BOUNCES", "MAIL_FROM"),
)
