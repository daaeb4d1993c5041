"""Addresses that get no mail any more: which they are, and how mail goes there again. Nothing here commits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from course.enrolment.leaving import go_on
from course.enrolment.registration import read_email
from course.errors import NotFound, Refused
from course.language.words import Phrase
from course.locks import lock_learners
from course.models import Learner, Suppression
from course.staff.audit_log import Doer, log_deed
from course.times import Times

COMPLAINED = "complained"


def closed_addresses(session: Session, typed: str, limit: int) -> Sequence[Suppression]:
    """The newest first; `typed` is part of an address."""
    wanted = _matching(select(Suppression), typed)
    return session.scalars(wanted.order_by(Suppression.suppressed_at.desc(), Suppression.email).limit(limit)).all()


def count(session: Session, typed: str) -> int:
    return session.scalar(_matching(select(func.count()).select_from(Suppression), typed)) or 0


def _matching(wanted: Select[Any], typed: str) -> Select[Any]:
    return wanted.where(Suppression.email.icontains(typed, autoescape=True)) if typed else wanted


def open_again(session: Session, email: str, times: Times) -> None:
    """Lets mail go to an address again: what the suppression stopped goes on, in each of its learner's courses.

    The learner, if there is one, is locked.
    """
    if (closed := session.get(Suppression, email)) is None:
        return
    session.delete(closed)
    learner = session.scalar(select(Learner).where(Learner.email == email))
    if learner is not None:
        go_on(session, learner, times)


def allow(session: Session, email: str, times: Times, doer: Doer) -> None:
    """An operator says that mail to an address will be taken again; the log keeps why, and no address.

    Raises NotFound if it is not closed, and Refused where its owner has complained: for that they alone can give
    their consent anew, by confirming the address.
    """
    address = read_email(email, {})
    lock_learners(session, session.scalars(select(Learner.id).where(Learner.email == address)).all())
    closed = session.get(Suppression, address)
    if closed is None:
        raise NotFound(Phrase("Mail to %(email)s is not stopped. Check how it is spelt.", {"email": email}))
    if closed.reason == COMPLAINED:
        raise Refused(
            Phrase(
                "Whoever reads %(email)s has marked a mail as unwanted. Only they can change that: when they"
                " register again and confirm the address, mail goes there again. For three months no confirmation"
                " goes there, so that nobody else can ask for one in their name. Nothing was changed.",
                {"email": address},
            )
        )
    if not doer.why.strip():
        raise Refused(
            Phrase("Say why mail will be taken there again: others will want to know. Nothing was changed.")
        )
    log_deed(session, doer, "allowed mail to an address", None, closed_because=closed.reason)
    open_again(session, address, times)
