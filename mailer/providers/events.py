"""The house's own words for what befalls a mail, whoever tells it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

EventKind = Literal["processed", "delivered", "deferred", "bounced", "dropped", "complained", "opened", "clicked"]
"""processed: the provider has it. deferred: a soft failure, the provider goes on trying. bounced: refused for
good by the receiving server. dropped: the provider never sent it. complained: marked as spam by the reader."""


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """One event of a provider; `hard` only for bounces and drops that will never succeed. `at` is real time."""

    attempt: str
    kind: EventKind
    at: datetime
    hard: bool
    link: str
    why: str
    raw: Mapping[str, Any]

    @property
    def key(self) -> str:
        """The same for every copy: providers repeat events, and give the copies new ids."""
        return event_key(self.attempt, self.kind, str(int(self.at.timestamp())), self.link)


def event_key(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
