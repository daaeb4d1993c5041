"""From a mail that came back to our own word for it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime

from mailer.bounces import parts
from mailer.bounces.told import Told, What, is_answer_of_a_machine, told_by
from mailer.compose.headers import LEAVE_WORD
from mailer.providers.discreet import without_addresses
from mailer.providers.events import EventKind, ProviderEvent
from mailer.providers.smtp.blame import blame
from mailer.return_path import BounceMailbox

KINDS: dict[What, EventKind] = {
    "failed": "bounced",
    "delayed": "deferred",
    "delivered": "delivered",
    "complaint": "complained",
}
MESSAGE_ID = re.compile(r"^\s*Message-ID:\s*(<[0-9a-f]{32}@[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
LEAVES = re.compile(rf"{LEAVE_WORD}[ +_]([\w-]{{8,200}})", re.IGNORECASE | re.ASCII)
PAST, FUTURE = timedelta(days=30), timedelta(hours=1)
PASSING_REPLY = re.compile(r"4\d\d\b")


@dataclass(frozen=True, slots=True)
class Understood:
    """`event` is None for what tells nothing of a mail of ours; `said` is what it was, in a few words. `leaves` is
    the token of who wants to leave a course, not yet checked; empty in any other mail."""

    event: ProviderEvent | None
    said: str
    leaves: str = ""


def understand(raw: bytes, mailbox: BounceMailbox | None, now: datetime) -> Understood:
    """What a mail is that came to `mailbox`. Only who names an attempt by its return path, or returns a mail with
    the Message-ID that we gave it, is listened to: nobody can guess either."""
    message = parts.opened(raw)
    told = told_by(message)
    if told is None:
        if token := _leaves(message):
            return Understood(None, "a wish to leave a course", token)
        return Understood(None, "no report on a mail")
    attempt, message_id = _whose(message, mailbox)
    if not attempt and not message_id:
        return Understood(None, f"a report ({KINDS[told.what]}) that names no mail of ours")
    hard = is_for_good(told)
    event = ProviderEvent(
        attempt=attempt,
        kind=KINDS[told.what],
        at=_moment(message, now),
        hard=hard,
        link="",
        why=_why(told),
        raw={"by": "mail", "status": told.status, "told": without_addresses(told.words)[:500]},
        message_id=message_id,
        once="by mail, for good" if hard else "by mail",
    )
    return Understood(event, f"a report: {event.kind}{' for good' if hard else ''}")


def _leaves(message: Message) -> str:
    """The token of a mail as our List-Unsubscribe asks for it. No answer of a machine is one, and no quotation."""
    wish = LEAVES.fullmatch(parts.header(message, "Subject").strip())
    return wish[1] if wish and not is_answer_of_a_machine(message) else ""


def is_for_good(told: Told) -> bool:
    """Whether nobody can be mailed at the address, by the rules for the refusals of SMTP servers. What a server
    gave up after days of trying says nothing of the address."""
    if told.what != "failed" or told.status.startswith("4") or PASSING_REPLY.match(told.words):
        return False
    return blame(f"{told.status} {told.words}") == "recipient"


def _whose(message: Message, mailbox: BounceMailbox | None) -> tuple[str, str]:
    """The attempt, or the Message-ID of the mail that was sent back."""
    found = ""
    for at, text in enumerate(parts.everything(message)):
        if mailbox is not None and (attempt := mailbox.attempt_in(text)):
            return attempt, ""
        # Its own name stands in its own head.
        if at and not found and (named := MESSAGE_ID.search(text)):
            found = named[1]
    return "", found


def _moment(message: Message, now: datetime) -> datetime:
    try:
        at = parsedate_to_datetime(parts.header(message, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return now
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC) if now - PAST < at < now + FUTURE else now


def _why(told: Told) -> str:
    words = without_addresses(told.words)
    return words[:500] if told.status in words else f"{told.status} {words}".strip()[:500]
