"""A mail server, as MAIL_URL names it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from course.checkup import Finding
from course.variables import LOOPBACK, Variables
from mailer.dkim.key import DkimKey, parse_key
from mailer.providers.contract import ProviderKind
from mailer.providers.smtp.address import EXAMPLE, SmtpServer, parse_smtp
from mailer.providers.smtp.our_name import is_legal_name
from mailer.providers.smtp.provider import PLAIN, Bearing, Smtp
from mailer.providers.smtp.tls_look import of_tls
from mailer.return_path import BounceMailbox, read_mailbox
from mailer.sender_dns.expected import ANY_SERVER, Lack, SenderDns

SAFE_BITS = 2048
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
        # What is handed over to this machine leaves by an address that is not known here.
        hosts = () if self.stays_here else (self.address.host,)
        if (key := self.bearing.key) is None:
            return replace(ANY_SERVER, hosts=hosts)
        todo = f"Add a TXT record at `{key.name}`: `{key.record}`."
        without = Lack("bad", f"does not publish DKIM_KEY at {key.name}.", todo)
        return SenderDns((key.selector,), ANY_SERVER.without_spf, without, key.public, hosts)

    def doubts(self) -> tuple[Finding, ...]:
        key = self.bearing.key
        if key is None or not isinstance(key.private, RSAPrivateKey) or key.private.key_size >= SAFE_BITS:
            return ()
        said = f"DKIM_KEY has {key.private.key_size} bits."
        return (Finding("configuration", "warning", said, f"Make one of {SAFE_BITS}: `openssl genrsa 2048`."),)

    def look(self, now: datetime) -> Iterable[Finding]:
        return of_tls(self.address, now)

    def open(self) -> Smtp:
        return Smtp(self.address, bearing=self.bearing)


def read_settings(variables: Variables, mail_url: str | None) -> SmtpSettings | None:
    name = variables.get("EHLO_NAME")
    if name and not is_legal_name(name):
        variables.problem("EHLO_NAME", f"write {LEGAL_NAME}, not `{name}`.")
    bearing = Bearing(_read_mailbox(variables), _read_key(variables))
    if mail_url is None:
        return None
    try:
        return SmtpSettings(replace(parse_smtp(mail_url), ehlo_name=name), bearing)
    except ValueError as problem:
        variables.problem("MAIL_URL", str(problem))
        return None


def _read_key(variables: Variables) -> DkimKey | None:
    if not (key := variables.get("DKIM_KEY")):
        if variables.get("DKIM_SELECTOR"):
            variables.problem("DKIM_KEY", "is needed beside DKIM_SELECTOR: the path of a private key in PEM.")
        return None
    domain = parseaddr(variables.get("MAIL_FROM"))[1].rpartition("@")[2].lower()
    try:
        pem = key if "-----BEGIN" in key else Path(key).read_text("ascii", "replace")
        return parse_key(pem, variables.get("DKIM_SELECTOR"), domain)
    except OSError as problem:
        variables.problem("DKIM_KEY", f"the file cannot be read: {problem.strerror}.")
    except ValueError as problem:
        variables.problem("DKIM_KEY", str(problem))
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
    variables=("EHLO_NAME", "MAIL_BOUNCES", "MAIL_FROM", "DKIM_KEY", "DKIM_SELECTOR"),
)
