"""What Postcard needs of the environment."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from course.checkup import Finding
from course.variables import LOOPBACK, Variables, is_site, url_parts
from mailer.providers.contract import ProviderKind
from mailer.sender_dns.expected import Lack, SenderDns
from tests.mailer.providers.postcard.events import PostcardWebhook
from tests.mailer.providers.postcard.provider import Postcard

EXAMPLE = "postcard:https://api.postcard.example"
SENDER_DNS = SenderDns(
    selectors=("card1",),
    without_spf=Lack("bad", "has no SPF record.", "Add `v=spf1 include:spf.postcard.example ~all`."),
    without_key=Lack("bad", "publishes no key of Postcard's.", "Add the record that Postcard shows."),
)


@dataclass(frozen=True, slots=True)
class PostcardSettings:
    """`seal`: the secret that its posts are signed with; empty where no events are heard."""

    api_url: str
    key: str
    seal: str

    @property
    def stays_here(self) -> bool:
        return url_parts(self.api_url).hostname in LOOPBACK

    @property
    def webhook(self) -> PostcardWebhook | None:
        return PostcardWebhook(self.seal) if self.seal else None

    @property
    def sender_dns(self) -> SenderDns:
        return SENDER_DNS

    def doubts(self) -> Iterator[Finding]:
        if not self.seal:
            said = "Bounces and complaints are not heard of."
            yield Finding("configuration", "warning", said, "Set POSTCARD_SEAL to the secret that Postcard shows.")

    def look(self, now: datetime) -> tuple[Finding, ...]:
        """Its HTTPS is verified whenever it is asked."""
        return ()

    def open(self) -> Postcard:
        return Postcard(self.api_url, self.key, confirms=bool(self.seal))


def read_settings(variables: Variables, mail_url: str | None) -> PostcardSettings | None:
    key, seal = variables.get("POSTCARD_KEY"), variables.get("POSTCARD_SEAL")
    if seal and not re.fullmatch("seal_[a-z0-9]{16,}", seal):
        variables.problem("POSTCARD_SEAL", "write the secret that Postcard shows (`seal_...`).")
    if mail_url is None:
        return PostcardSettings("", key, seal)
    api_url = mail_url.partition(":")[2]
    if not is_site(url_parts(api_url)):
        variables.problem("MAIL_URL", f"write `{EXAMPLE}`.")
    if not key:
        variables.problem("POSTCARD_KEY", "is needed with `MAIL_URL=postcard:...`.")
    return PostcardSettings(api_url, key, seal)


POSTCARD = ProviderKind(
    name="postcard",
    mail_url=EXAMPLE,
    read=read_settings,
    variables=("POSTCARD_KEY", "POSTCARD_SEAL"),
    agents=("PostcardLookout",),
)
