"""How mail leaves the house: one protocol, three ways."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from mailer.compose.message import Letter, Template

Outcome = Literal["accepted", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one attempt.

    refused: certainly not taken (connect failure, 429, 4xx/5xx before acceptance). `permanent` means
    this address will never do; `account` means the provider refuses us altogether (401, 403, 535), not this
    letter; `retry_after` is how many real seconds the provider asked to be left alone.
    unknown: it may or may not have been taken (time-out or reset after the first byte, 5xx, lost reply).
    """

    attempt: str
    outcome: Outcome
    why: str = ""
    permanent: bool = False
    account: bool = False
    retry_after: float | None = None


Begin = Callable[[Sequence[str]], None]
"""Told the attempts whose letters may be taken from now on. It may raise: then nothing more is sent."""


def unannounced(attempts: Sequence[str]) -> None:
    """For who keeps no journal."""


class Provider(Protocol):
    """Sends letters. One shared contract test holds for all of them."""

    def send(self, template: Template, letters: Sequence[Letter], begin: Begin = unannounced) -> Iterator[Answer]:
        """One answer for each letter, as soon as it is known, in any order; raises nothing for a bad network."""

    def has(self, delivery: str) -> bool | None:
        """Whether this delivery was taken, where that can be looked up; None where it cannot."""

    def trouble(self) -> str:
        """Why no mail would be taken now; empty if it would. Asks, and sends nothing."""

    def close(self) -> None:
        """Lets go of connections."""
