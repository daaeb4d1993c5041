"""Sign-ups as they come: counted in the database, so that all web processes count together. Nothing here commits.

What is counted names nobody: a domain, a moment, and what spoke for a person. It is forgotten within a day. All
moments are real time, since floods are.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, ScalarSelect, delete, func, select
from sqlalchemy.orm import Session

from course.addresses.spellings import domain_of
from course.bulk import insert_into
from course.enrolment.allowance.rates import (
    GAP,
    LATELY,
    LATELY_THERE,
    LONGEST_WAIT,
    RATES,
    Lately,
    Proof,
    wait_of,
)
from course.enrolment.email_typos import PROVIDERS
from course.models import SignUp
from course.schedule.deliveries import Place
from course.times import RealTime

KEPT = timedelta(days=1)
MOST_WAITING = LONGEST_WAIT // GAP


def take_place(
    session: Session, email: str, proof: Proof, real: RealTime, *, spent: str | None = None
) -> Place | None:
    """When the mail that answers a sign-up may leave, whoever is behind the address; None: too many wait already.

    `spent` names the puzzle that was solved for it: one that was used before proves nothing.
    """
    session.execute(delete(SignUp).where(SignUp.taken_at < real - KEPT))
    place = _take(session, email, proof, real, spent)
    if place is None and spent is not None and _is_spent(session, spent):
        return _take(session, email, "none", real, None)
    return place


def _take(session: Session, email: str, proof: Proof, real: RealTime, spent: str | None) -> Place | None:
    domain = domain_of(email)
    wait = wait_of(proof, _lately(session, domain, proof, real), big=domain in PROVIDERS)
    if wait is None:
        return None
    leaves_at = RealTime(real + wait)
    row = {"domain": domain, "proof": proof, "spent": spent, "taken_at": real, "leaves_at": leaves_at}
    fresh = insert_into(session, SignUp).values(**row).on_conflict_do_nothing(index_elements=["spent"])
    if session.scalar(fresh.returning(SignUp.id)) is None:
        return None
    return Place(leaves_at=leaves_at) if wait else Place(first=proof != "none")


def _is_spent(session: Session, spent: str) -> bool:
    return session.scalar(select(SignUp.id).where(SignUp.spent == spent)) is not None


def _lately(session: Session, domain: str, proof: Proof, real: RealTime) -> Lately:
    rates, waits = RATES[proof], SignUp.leaves_at > real
    alike = SignUp.proof == proof
    counted = select(
        _count(rates.in_all, alike, SignUp.taken_at > real - LATELY),
        _count(rates.big, alike, SignUp.domain == domain, SignUp.taken_at > real - LATELY_THERE),
        _count(MOST_WAITING, waits),
        _count(MOST_WAITING, waits, SignUp.domain == domain),
    )
    return Lately(*session.execute(counted).one())


def _count(most: int, *which: ColumnElement[bool]) -> ScalarSelect[int]:
    """As far as it matters: however many rows there are, no more than `most` are looked at."""
    some = select(SignUp.id).where(*which).limit(most).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Slowed:
    """Sign-ups are being slowed down: how many wait for their mail, and since when some have to (real time)."""

    waiting: int
    since: RealTime


def slowed(session: Session, real: RealTime) -> Slowed | None:
    """None while nobody waits."""
    waits = SignUp.leaves_at > real
    waiting, since = session.execute(select(func.count(), func.min(SignUp.taken_at)).where(waits)).one()
    return Slowed(waiting, RealTime(since)) if waiting else None
