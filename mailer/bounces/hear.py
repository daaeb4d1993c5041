"""One mail that came back, recorded."""

import logging

from course.db import Database
from course.settings import Settings
from course.times import Times
from course.traces import reason_of
from mailer.bounces.understand import Understood, understand
from mailer.return_path import BounceMailbox, read_mailbox
from mailer.sending.patience.isolation import PASSING
from mailer.sending.record_events import record_events

log = logging.getLogger(__name__)


def own_mailbox(settings: Settings) -> BounceMailbox | None:
    """Where mail comes back; None where MAIL_BOUNCES is not set."""
    return read_mailbox(settings.mail.variables.get("MAIL_BOUNCES", ""), settings.mail_from)


def hear(database: Database, mailbox: BounceMailbox | None, raw: bytes, times: Times) -> str:
    """What the mail was and what was done, in a line. However often it comes, it is recorded once.

    A mail that cannot be dealt with is logged and gone past; only the database's own troubles are raised, since
    the mail can be heard again after them.
    """
    # It would say which of its seventeen shapes it tries, at each mail.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    try:
        return _heard(database, understand(raw, mailbox, times.real), times)
    except PASSING:
        raise
    # Whatever a broken mail is good for, the next one must be heard.
    except Exception as problem:
        log.error("A mail in the mailbox for bounces could not be dealt with: %s", reason_of(problem))
        return "a mail that could not be dealt with; the log says why"


def _heard(database: Database, understood: Understood, times: Times) -> str:
    event = understood.event
    if event is None:
        return f"{understood.said}; nothing was changed"

    new = database.transact(lambda session: record_events(session, [event], times))
    done = "recorded" if new else "known already, or of no mail to a learner; nothing was changed"
    return f"{understood.said}; {done}"
