"""What SendGrid needs of the environment, and of the sender's domain."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from course.addresses.site import read_site
from course.checkup import Finding
from course.variables import LOOPBACK, Variables, url_parts
from mailer.providers.contract import ProviderKind
from mailer.providers.sendgrid.events import SendGridWebhook
from mailer.providers.sendgrid.provider import SendGrid
from mailer.sender_dns.expected import Lack, SenderDns

API = "https://api.sendgrid.com"
# The text of a public key in DER always begins like this; whether it verifies, only an event can show.
PUBLIC_KEY = re.compile(r"M[A-Za-z0-9+/]{60,}={0,2}")

SENDER_DNS = SenderDns(
    selectors=("s1", "s2"),
    without_spf=Lack(
        "warning", "has no SPF record of its own.", "That is well if SendGrid shows the domain as authenticated."
    ),
    without_key=Lack(
        "bad",
        "publishes no key under the names SendGrid uses.",
        "Authenticate the domain in SendGrid's settings, and add the records it shows.",
    ),
    include="sendgrid.net",
)


@dataclass(frozen=True, slots=True)
class SendGridSettings:
    """`webhook_key` is empty where no events are heard, and `api_key` where another provider is in service."""

    api_key: str = field(repr=False)
    api_url: str
    webhook_key: str

    @property
    def stays_here(self) -> bool:
        return url_parts(self.api_url).hostname in LOOPBACK

    @property
    def webhook(self) -> SendGridWebhook | None:
        return SendGridWebhook(self.webhook_key) if self.webhook_key else None

    @property
    def sender_dns(self) -> SenderDns:
        return SENDER_DNS

    def doubts(self) -> Iterator[Finding]:
        if not self.webhook_key:
            todo = "Set SENDGRID_WEBHOOK_KEY; docs/deploy.md says how."
            yield Finding("configuration", "warning", "Bounces and complaints are not heard of.", todo)

    def look(self, now: datetime) -> tuple[Finding, ...]:
        """Its HTTPS is verified whenever it is asked."""
        return ()

    def open(self) -> SendGrid:
        # Its client writes each request with its headers, and so with our key, to whoever logs in detail.
        logging.getLogger("python_http_client").setLevel(logging.INFO)
        return SendGrid(self.api_key, self.api_url, confirms=bool(self.webhook_key))


def _api_url(variables: Variables) -> str:
    """The key goes there with each request: to a host and port, and in the clear no farther than this machine."""
    try:
        url = read_site(variables.get("SENDGRID_API_URL", API))
    except ValueError:
        variables.problem(
            "SENDGRID_API_URL", f"write `https://` and a host, and nothing more, as in `{API}`, or leave it out."
        )
        return API
    parts = url_parts(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        variables.problem("SENDGRID_API_URL", "write `https://`: over `http://` anybody on the way reads the key.")
    return url


def read_settings(variables: Variables, mail_url: str | None) -> SendGridSettings:
    api_key = variables.get("SENDGRID_API_KEY")
    if mail_url is not None and not api_key:
        variables.problem(
            "SENDGRID_API_KEY", "is needed with `MAIL_URL=sendgrid:`; make one with the right Mail Send."
        )
    api_url = _api_url(variables)
    webhook_key = variables.get("SENDGRID_WEBHOOK_KEY")
    if webhook_key and not PUBLIC_KEY.fullmatch(webhook_key):
        variables.problem(
            "SENDGRID_WEBHOOK_KEY", "write the verification key that SendGrid shows (`MFkwEwYH...`)."
        )
    return SendGridSettings(api_key, api_url, webhook_key)


SENDGRID = ProviderKind(
    name="sendgrid",
    mail_url="sendgrid:",
    read=read_settings,
    variables=("SENDGRID_API_KEY", "SENDGRID_API_URL", "SENDGRID_WEBHOOK_KEY"),
)
