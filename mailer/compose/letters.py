"""One learner's letter: how each slot of a mail is filled."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from course.content.mails import MAILS, MailKind, Slot
from course.language.words import Words
from mailer.compose.message import Letter
from mailer.signer import Mark, Signer, mail_name


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


def letter_of(signer: Signer, words: Words, claimed: Claimed) -> Letter:
    return Letter(
        attempt=claimed.attempt,
        delivery=claimed.delivery,
        email=claimed.email,
        message_id=claimed.message_id,
        date=claimed.dated_at,
        slots={name: MAKERS[name](signer, words, claimed) for name in MAILS[claimed.kind].slots},
    )


def _mark(claimed: Claimed) -> Mark:
    mail = mail_name(claimed.edition_id, claimed.kind, claimed.slug)
    return Mark(claimed.delivery, claimed.enrolment, claimed.generation, mail)


def _next_when(words: Words, claimed: Claimed) -> str:
    if claimed.next_at is None:
        return words.gettext("when you have marked this day complete")
    return words.moment(claimed.next_at, claimed.zone)


MAKERS: Mapping[Slot, Callable[[Signer, Words, Claimed], str]] = {
    "name": lambda _, _words, claimed: claimed.name,
    "email": lambda _, _words, claimed: claimed.email,
    "learn": lambda signer, _, claimed: signer.learn(claimed.enrolment, claimed.generation),
    "unsubscribe": lambda signer, _, claimed: signer.unsubscribe(claimed.enrolment),
    "pixel": lambda signer, _, claimed: signer.pixel(claimed.delivery),
    "mark": lambda signer, _, claimed: signer.click(_mark(claimed)),
    "confirm": lambda signer, _, claimed: signer.confirm(
        claimed.enrolment, claimed.generation, int(claimed.dated_at.timestamp())
    ),
    "next_when": lambda _, words, claimed: _next_when(words, claimed),
    "serial": lambda _, _words, claimed: claimed.serial,
    "agree": lambda signer, _, claimed: signer.agree(claimed.delivery),
    "wish": lambda signer, _, claimed: signer.wish(claimed.delivery, claimed.generation),
}
"""How each slot of a mail is filled."""
