"""One mail that came to our mailbox: what came back is recorded, and who wants to leave has left."""

import logging
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from course.db import Database
from course.enrolment.enrolments import participant
from course.enrolment.leaving import leave
from course.errors import NotFound
from course.publishing.editions import Shelf
from course.times import Times
from course.traces import reason_of
from mailer.bounces.understand import Understood, understand
from mailer.return_path import BounceMailbox
from mailer.sending.patience.isolation import PASSING
from mailer.sending.record_events import record_events
from mailer.signer import BadToken, Signer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What it takes to hear a mail. `mailbox` is None where none is ours."""

    database: Database
    shelf: Shelf
    signer: Signer
    mailbox: BounceMailbox | None


def hear(by: Hearing, raw: bytes, times: Times) -> str:
    """What the mail was and what was done, in a line. However often it comes, it is recorded once.

    A mail that cannot be dealt with is logged and gone past; only the database's own troubles are raised, since
    the mail can be heard again after them.
    """
    # It would say which of its seventeen shapes it tries, at each mail.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        return _heard(by, understand(raw, by.mailbox, times.real), times)
    except PASSING:
        raise
    # Whatever a broken mail is good for, the next one must be heard.
    except Exception as problem:
        log.error("A mail in the mailbox for bounces could not be dealt with: %s", reason_of(problem))
        return "a mail that could not be dealt with; the log says why"


def _heard(by: Hearing, understood: Understood, times: Times) -> str:
    if understood.leaves:
        return f"{understood.said}; {_left(by, understood.leaves, times)}"
    event = understood.event
    if event is None:
        return f"{understood.said}; nothing was changed"

    new = by.database.transact(lambda session: record_events(session, [event], times))
    done = "recorded" if new else "known already, or of no mail to a learner; nothing was changed"
    return f"{understood.said}; {done}"


def _left(by: Hearing, token: str, times: Times) -> str:
    """Who holds the token may leave, as by the link in the same line of the mail: no address is asked for."""
    try:
        enrolment = by.signer.read_unsubscribe(token)
        return by.database.transact(partial(_leave, by.shelf, enrolment, times))
    except BadToken:
        return "it names nobody with our signature; nothing was changed"
    except NotFound:
        return "whom it names is not here any more; nothing was changed"


def _leave(shelf: Shelf, enrolment: int, times: Times, session: Session) -> str:
    who = participant(session, shelf, enrolment, lock=True)
    if who.enrolment.state == "left":
        return "they had left already; nothing was changed"
    leave(session, who, times.now)
    return "they have left the course"
