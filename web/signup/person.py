"""What tells people from programs that fill in forms, without asking anybody anything.

The form holds the moment it was shown, signed, and a field that nobody sees. Nothing here refuses anybody for
good: a form without either, sent by a script of somebody's own, is taken as one that proves nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from mailer.signer import BadToken, Signer

MOMENT = "shown"
"""The field with the signed moment."""

TRAP = "remark_2"
"""The field that nobody sees: no browser and no password manager has a word to put there."""

BUTTON = "enrol-button"
"""The form's button, to which what concerns no field leads."""

FASTEST = timedelta(seconds=2)
OLDEST = timedelta(days=1)

Pace = Literal["none", "too fast", "too old", "human"]


@dataclass(frozen=True, slots=True)
class Shown:
    """When the form was shown, in seconds since 1970 of real time, as far as it tells."""

    at: int | None

    def pace(self, now: float) -> Pace:
        """How it was filled in, if it was sent `now`."""
        if self.at is None:
            return "none"
        took = timedelta(seconds=now - self.at)
        if took < FASTEST:
            return "too fast"
        return "human" if took <= OLDEST else "too old"


def read_shown(signer: Signer, token: str) -> Shown:
    """What is not of our making tells nothing."""
    try:
        return Shown(signer.read_form(token))
    except BadToken:
        return Shown(None)
