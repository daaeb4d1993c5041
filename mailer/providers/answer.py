"""What a provider tells of each letter, and is told before it may be taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["accepted", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The fate of one attempt, as far as it is known.

    refused: certainly not taken (connect failure, 429, 4xx/5xx before acceptance). `permanent` means
    this address will never do; `lasting` that the letter will not do as it is, though nothing is wrong with the
    address (5yz, 400); `account` that the provider refuses us altogether (401, 403, 535), not this letter;
    `unreached` that there was nobody to say no to it. `retry_after` is how many real seconds the provider asked
    to be left alone. `broken` means that nobody was asked: an error of our own kept it from being sent.
    unknown: it may or may not have been taken (time-out or reset after the first byte, 5xx, lost reply).
    """

    attempt: str
    outcome: Outcome
    why: str = ""
    permanent: bool = False
    lasting: bool = False
    account: bool = False
    unreached: bool = False
    broken: bool = False
    retry_after: float | None = None


Begin = Callable[[Sequence[str]], None]
"""Told the attempts whose letters may be taken from now on; told of none, it is only asked whether any may.

It may raise: then no further letter is begun, and those begun are waited for. Once they all have their answers,
what it raised is let through; a letter without an answer was certainly not taken."""


def unannounced(attempts: Sequence[str]) -> None:
    """Accept letters without keeping a journal: the `begin` of callers who keep none."""
