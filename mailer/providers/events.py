"""Our own words for what befalls a mail, whoever tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol

EventKind = Literal[
    "processed",
    "delivered",
    "deferred",
    "bounced",
    "dropped",
    "complained",
    "opened",
    "clicked",
    "account_stopped",
]
"""processed: the provider has it. deferred: a soft failure, the provider goes on trying. bounced: refused for
good by the receiving server. dropped: the provider never sent it. complained: marked as spam by the reader.
account_stopped: the provider suspends us; about no mail."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One event of a provider; `hard` only for bounces and drops that will never succeed. `at` is real time.

    `account` means that the provider takes nothing of ours just now; the mail is as good as any. `email` is where
    the mail went and `message_id` the one in its head, as far as the provider tells them: where there is
    no `attempt`, they say whose it is. `once`: what all copies of it share instead of their time, where a mail
    can meet with it only once.
    """

    attempt: str
    kind: EventKind
    at: datetime
    hard: bool
    link: str
    why: str
    raw: Mapping[str, Any]
    email: str = ""
    message_id: str = ""
    account: bool = False
    once: str = ""

    @property
    def key(self) -> str:
        """Return a key that all copies of one event share: providers repeat events under new ids."""
        return event_key(self.attempt, self.kind, self.once or str(int(self.at.timestamp())), self.link)


def event_key(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()


class NotSigned(Exception):
    """A post that nobody can have made who knows the key. Its words say which setting to look at."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a post tells: the events that concern an attempt of ours, and how many entries could not be read.
    Those that concern others, or say nothing that we count by, are among neither."""

    events: list[ProviderEvent]
    unread: int = 0


class Headers(Protocol):
    """The headers of a request, by name in capital or small letters."""

    def get(self, name: str, default: str) -> str: ...


class Webhook(Protocol):
    """Understands what a provider posts to `/hooks/<name>`."""

    def may_be_signed(self, headers: Headers) -> bool:
        """Whether it is worth taking the body in: a post without any signature is refused before it is read."""

    def read(self, body: bytes, headers: Headers) -> Heard:
        """What the post tells. Raises NotSigned before anything is read, and nothing else: what is signed is
        posted again until it is taken, so an odd entry is counted, and keeps none of the others out."""
