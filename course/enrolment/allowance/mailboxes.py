"""How often one mailbox is written to because somebody typed its address. Nothing here commits."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from zlib import crc32

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as
from course.bulk import among, on_postgresql
from course.models import Asked
from course.times import CourseTime

DAY = timedelta(days=1)
MOST_A_DAY = 3
"""Mails that anybody can have sent there by typing the address: confirmations, over all courses and all ways, and
questions about a change of address."""

LOCK = 0x646C6D62
"""`dlmb`: keeps these advisory locks of PostgreSQL apart from those of others."""


def one_at_a_time(session: Session, mailboxes: Collection[str]) -> None:
    """Makes other transactions that deal with the same mailboxes wait for this one. On SQLite they do anyway."""
    if on_postgresql(session):
        for key in sorted({crc32(mailbox.encode()) - 2**31 for mailbox in mailboxes}):
            session.execute(select(func.pg_advisory_xact_lock(LOCK, key)))


def may_be_asked(session: Session, email: str, now: CourseTime) -> bool:
    return email not in tired(session, [email], now)


def tired(session: Session, emails: Sequence[str], now: CourseTime) -> set[str]:
    """Those of the addresses whose mailbox has had as many mails within a day as may be."""
    boxes = {email: counted_as(email) for email in emails}
    counts = session.execute(
        select(Asked.mailbox, func.count())
        .where(among(session, Asked.mailbox, list(set(boxes.values()))), Asked.asked_at > now - DAY)
        .group_by(Asked.mailbox)
    )
    full = {mailbox for mailbox, count in counts if count >= MOST_A_DAY}
    return {email for email, mailbox in boxes.items() if mailbox in full}


def note(session: Session, email: str, now: CourseTime) -> None:
    """Counts a mail to this address."""
    session.execute(delete(Asked).where(Asked.asked_at < now - 2 * DAY))
    session.add(Asked(mailbox=counted_as(email), asked_at=now))
    session.flush()
