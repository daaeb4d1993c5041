"""Erased addresses that wish for no mail: kept as digests that name nobody. Nothing here commits.

A digest is keyed by a pepper of this database. Whoever has the database can try addresses they know; nobody can
read one from it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from course.addresses.spellings import mailbox_of
from course.bulk import among, insert_into
from course.ids import new_id
from course.models import LeftAlone, Pepper

Reason = Literal["left", "complained", "erased"]
"""They had left a course; they had marked a mail as unwanted; they had all that was held on them erased."""


def leave_alone(session: Session, email: str, reason: Reason, today: date) -> None:
    """Remembers that an address is to be left alone; a reason that was there before stays."""
    digest = _digest(_pepper(session), email)
    fresh = insert_into(session, LeftAlone).values(digest=digest, reason=reason, since_on=today)
    session.execute(fresh.on_conflict_do_nothing())


def left_alone(session: Session, emails: Iterable[str]) -> Mapping[str, str]:
    """Those of some addresses that are to be left alone, each with its reason."""
    key = session.scalar(select(Pepper.key))
    if key is None:
        return {}
    by_digest = {_digest(key, email): email for email in emails}
    rows = session.execute(
        select(LeftAlone.digest, LeftAlone.reason).where(among(session, LeftAlone.digest, list(by_digest)))
    )
    return {by_digest[digest]: reason for digest, reason in rows}


def welcome(session: Session, email: str) -> None:
    """Forgets the wish: whoever reads the address has just confirmed that they want mail."""
    key = session.scalar(select(Pepper.key))
    if key is not None:
        session.execute(delete(LeftAlone).where(LeftAlone.digest == _digest(key, email)))


def _pepper(session: Session) -> str:
    """The key of this database; made once, whoever asks first."""
    fresh = insert_into(session, Pepper).values(id=1, key=new_id() + new_id())
    session.execute(fresh.on_conflict_do_nothing())
    return session.scalars(select(Pepper.key)).one()


def _digest(key: str, email: str) -> str:
    return blake2b(mailbox_of(email).encode(), key=bytes.fromhex(key), digest_size=32).hexdigest()
