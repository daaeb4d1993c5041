"""Everything that is held on a learner, forgotten. Nothing here commits.

What is a learner's is found by the names of columns, so that a new table is not forgotten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, delete, or_, select, update
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as
from course.consent.left_alone import Reason, leave_alone
from course.errors import NotFound
from course.language.words import Phrase
from course.locks import lock_deliveries, lock_learners
from course.models import (
    AddressChange,
    Asked,
    Attempt,
    Base,
    Delivery,
    Enrolment,
    Learner,
    SignIn,
    Suppression,
)

NOBODY = "erased@erased.invalid"
"""Stands where a mail of somebody else's had gone to an address that is erased."""

Owners = Mapping[str, Sequence[int] | Sequence[str]]
"""Ids by the column that holds them: a row with one of these columns is about a learner."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone from the tables, for those who look after copies elsewhere: the ids of the mails."""

    mails: Sequence[str]


def erase(session: Session, learner_id: int, now: datetime, *, wished: bool = True) -> Erased:
    """Removes every row of a learner, in all courses; what waits to be sent is not sent.

    A letter that a worker is handing over at this moment cannot be called back; what is heard of it later
    finds no row and is dropped. Of the address a digest stays, so that nobody else brings it back: if this was
    `wished` for, if they had left, or complained. Raises NotFound if there is nothing (any more).
    """
    # Who plans, claims or records meanwhile waits, and then finds nothing.
    learner = next(iter(lock_learners(session, [learner_id], to_remove=True)), None)
    if learner is None:
        raise NotFound(Phrase("There is nothing left to erase."))
    enrolments = session.scalars(select(Enrolment.id).where(Enrolment.learner_id == learner_id)).all()
    own, elsewhere = Delivery.enrolment_id.in_(enrolments), Delivery.email == learner.email
    touched = lock_deliveries(session, or_(own, elsewhere), to_remove=True)
    mails = session.scalars(select(Delivery.id).where(own)).all()
    for email in {learner.email, *_former_addresses(session, mails)}:
        _close(session, email, _wish(session, email, enrolments, wished=wished), now)
    _forget_elsewhere(session, learner.email)
    owners: Owners = {"learner_id": [learner_id], "enrolment_id": enrolments, "delivery_id": mails}
    for table in reversed(Base.metadata.sorted_tables):
        if (which := _theirs(table, owners)) is not None:
            session.execute(delete(table).where(which))
    session.execute(delete(Learner).where(Learner.id == learner_id))
    session.expire_all()
    return Erased(touched)


def _theirs(table: Table, owners: Owners) -> ColumnElement[bool] | None:
    """Which rows are theirs; None for a table that is about nobody."""
    ways = [table.c[name].in_(ids) for name, ids in owners.items() if name in table.c]
    return or_(*ways) if ways else None


def _former_addresses(session: Session, mails: Sequence[str]) -> set[str]:
    """Those at which they had mails of their own, before they changed it."""
    theirs = Delivery.id.in_(mails), Delivery.email.is_(None), Attempt.email.is_not(None)
    moved = select(Attempt.email).join(Delivery, Delivery.id == Attempt.delivery_id).where(*theirs)
    former = {email for email in session.scalars(moved) if email is not None}
    # Somebody else may have it by now.
    return former - set(session.scalars(select(Learner.email).where(Learner.email.in_(former))))


def _wish(session: Session, email: str, enrolments: Sequence[int], *, wished: bool) -> Reason | None:
    """Why the address is to be left alone from now on; None if it need not be."""
    closed = session.get(Suppression, email)
    if closed is not None and closed.reason == "complained":
        return "complained"
    left = select(Enrolment.id).where(Enrolment.id.in_(enrolments), Enrolment.state == "left")
    if session.scalar(left.limit(1)) is not None:
        return "left"
    return "erased" if wished else None


def _close(session: Session, email: str, wish: Reason | None, now: datetime) -> None:
    if wish is not None:
        leave_alone(session, email, wish, now.date())
    session.execute(delete(Suppression).where(Suppression.email == email))
    session.execute(delete(SignIn).where(SignIn.email == email))
    session.execute(delete(Asked).where(Asked.mailbox == counted_as(email)))


def _forget_elsewhere(session: Session, email: str) -> None:
    """Others may have wished to have their mails there, or had it before."""
    session.execute(delete(AddressChange).where(AddressChange.email == email))
    there = Delivery.email == email
    waiting = there & (Delivery.state == "queued")
    session.execute(update(Delivery).where(waiting).values(state="cancelled", why="the address was erased"))
    session.execute(update(Delivery).where(there).values(email=NOBODY))
    session.execute(update(Attempt).where(Attempt.email == email).values(email=NOBODY))
