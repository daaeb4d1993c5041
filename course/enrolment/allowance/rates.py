"""How many sign-ups are taken at once, and what the others wait. Plain values in, plain values out.

Nobody is refused for being one of many. While more come than usual, who has shown to be a person goes on as ever;
the others' mails leave later, evenly. Once too many wait, the next have to show it, or to come again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Proof = Literal["none", "form", "work"]
"""What speaks for a person: nothing, as with a form sent by a script; our page, filled in at the speed of people,
and few from their network; a puzzle that their browser has solved."""

LATELY = timedelta(minutes=10)
"""For how long a sign-up counts among all."""

LATELY_THERE = timedelta(hours=1)
"""For how long it counts at its domain."""

GAP = timedelta(seconds=3)
"""Between two mails of those who wait."""

GAP_AT_SMALL = timedelta(minutes=1)
GAP_AT_BIG = timedelta(seconds=3)
"""Between two of them to one domain."""

LONGEST_WAIT = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Rates:
    """How many sign-ups go at once: `in_all` within `LATELY`; to one domain within `LATELY_THERE`, which is
    `small`, or one of the `big` providers where half the world has its mailbox."""

    in_all: int
    small: int
    big: int


RATES: Mapping[Proof, Rates] = {
    "none": Rates(in_all=120, small=50, big=1_000),
    "form": Rates(in_all=300, small=50, big=1_000),
    # A whole company may join within an hour.
    "work": Rates(in_all=6_000, small=300, big=6_000),
}


@dataclass(frozen=True, slots=True)
class Lately:
    """How many sign-ups of the same proof there were, in all and at the same domain; and how many wait, whatever
    their proof."""

    in_all: int
    there: int
    waiting: int
    waiting_there: int


def wait_of(proof: Proof, lately: Lately, *, big: bool) -> timedelta | None:
    """How long the mail of a sign-up waits, zero for not at all; None: too many wait already."""
    rates = RATES[proof]
    wait = timedelta()
    if lately.in_all >= rates.in_all:
        wait = GAP * (lately.waiting + 1)
    if lately.there >= (rates.big if big else rates.small):
        wait = max(wait, (GAP_AT_BIG if big else GAP_AT_SMALL) * (lately.waiting_there + 1))
    return wait if wait <= LONGEST_WAIT else None
