"""One learner's letter: how each slot of a mail is filled."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from course.words import moment_in_words
from mailer.links import Mark, Signer
from mailer.message import Letter
from mailer.slots import SLOTS, MailKind


class Claimed(NamedTuple):
    """A delivery that is ours to send, with what its letter needs."""

    delivery: str
    attempt: str
    kind: MailKind
    slug: str
    edition_id: int
    revision_id: int
    message_id: str
    dated_at: datetime
    enrolment: int
    generation: int
    tracking: bool
    zone: str
    next_at: datetime | None
    email: str
    name: str
    serial: str


def letter_of(signer: Signer, claimed: Claimed) -> Letter:
    return Letter(
        attempt=claimed.attempt,
        delivery=claimed.delivery,
        email=claimed.email,
        message_id=claimed.message_id,
        date=claimed.dated_at,
        slots={name: MAKERS[name](signer, claimed) for name in SLOTS[claimed.kind]},
    )


def _next_when(claimed: Claimed) -> str:
    if claimed.next_at is None:
        return "when you have marked this day complete"
    return moment_in_words(claimed.next_at, claimed.zone)


MAKERS: Mapping[str, Callable[[Signer, Claimed], str]] = {
    "name": lambda _, claimed: claimed.name or "there",
    "email": lambda _, claimed: claimed.email,
    "learn": lambda signer, claimed: signer.learn(claimed.enrolment, claimed.generation),
    "unsubscribe": lambda signer, claimed: signer.unsubscribe(claimed.enrolment),
    "mark": lambda signer, claimed: signer.mark(Mark(claimed.delivery, claimed.enrolment, claimed.generation)),
    "confirm": lambda signer, claimed: signer.confirm(claimed.enrolment, int(claimed.dated_at.timestamp())),
    "next_when": lambda _, claimed: _next_when(claimed),
    "serial": lambda _, claimed: claimed.serial,
}
"""How each slot of a mail is filled."""
