"""What every way for mail to leave promises; docs/adding-a-provider.md leads through it.

A `ProviderKind` is an entry of the registry. It reads its part of the environment into `ProviderSettings`: plain
values, connected to nothing. These open a `Provider`, which sends, and a `Webhook`, which understands its events.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from course.checkup import Finding
from course.variables import Variables
from mailer.compose.message import Letter, Template
from mailer.providers.answer import Answer, Begin, unannounced
from mailer.providers.events import Webhook
from mailer.sender_dns.expected import SenderDns


class Provider(Protocol):
    """Sends letters. One shared contract test holds for all of them."""

    @property
    def confirms(self) -> bool:
        """Whether we are told of every letter that was taken, by an event with its attempt. Only then does silence
        speak, once events are known to arrive; where it says nothing, a letter in doubt goes again after a wait,
        and counts as a possible duplicate."""

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        """One answer for each letter, as soon as it is known, in any order; raises nothing for a bad network."""

    def has(self, delivery: str) -> bool | None:
        """Whether this delivery was taken, where that can be looked up; None where it cannot."""

    def trouble(self) -> str:
        """Why no mail would be taken now; empty if it would. Asks, and sends nothing."""

    def ways(self) -> Mapping[str, str]:
        """Each address behind it, with why no mail would be taken there now, empty if it would. Asks, and sends
        nothing. Empty where nobody needs to know of addresses."""

    def close(self) -> None:
        """Lets go of connections."""


class ProviderSettings(Protocol):
    """A provider's part of the environment, read and found right."""

    @property
    def stays_here(self) -> bool:
        """Whether no mail leaves this machine: learners may then live by a virtual clock."""

    @property
    def webhook(self) -> Webhook | None:
        """What understands the posts to `/hooks/<name>`; None where it tells no events, or what verifies them is
        not set: the address then answers 404."""

    @property
    def sender_dns(self) -> SenderDns:
        """What the sender's domain should publish for mail that leaves this way."""

    def doubts(self) -> Iterable[Finding]:
        """What may be right as such, and still not meant: for `dayletter doctor`, from the settings alone."""

    def look(self, now: datetime) -> Iterable[Finding]:
        """What there is to be seen of it beside `Provider.trouble`, such as a certificate that ends soon: for
        `dayletter doctor`. Asks within a limit of time, and sends nothing; `now` is real time."""

    def open(self) -> Provider:
        """The provider, connected to nothing yet."""


@dataclass(frozen=True, slots=True)
class ProviderKind:
    """One entry of the registry.

    `name` is the scheme of its MAIL_URL and the last part of `/hooks/<name>`; `mail_url` shows how one writes it.
    `variables` are all that `read` asks for, besides MAIL_URL. `agents` are parts of the User-Agents with which
    the provider itself opens pictures and links in mails, as its scanners and proxies do: no reader is there.

    `read` is given MAIL_URL if it names this kind, and None if another is in service. Then it still returns
    settings if it has a webhook, since events of what it sent before go on coming; otherwise None. It notes what
    is wrong with `Variables.problem`, and returns None where nothing can be made of it.
    """

    name: str
    mail_url: str
    read: Callable[[Variables, str | None], ProviderSettings | None]
    variables: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
