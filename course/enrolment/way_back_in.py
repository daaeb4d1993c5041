"""How a learner gets in, and back in: the mail that leads there, and links that are made anew.

Nothing here commits. Functions that post mails return whether they did: it may be too soon for another.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.mails import MailKind
from course.locks import lock_learners
from course.models import Enrolment, Learner, Suppression
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.times import CourseTime, Times

QUIET_BETWEEN_MAILS = timedelta(minutes=2)
"""Asking again within this time sends no second mail; it doubles with each mail that brought nothing.

So nobody can have a stranger's inbox filled from our forms.
"""
MOST_DOUBLINGS = 12

MOST_A_DAY = 12
"""Mails of a kind to one learner because of strangers, and as many because of who has a mail of theirs."""

FROM_A_MAIL = "mail "


def from_a_mail(network: str) -> str:
    """Who asks on this network with a token out of a mail to the learner: counted apart from strangers."""
    return FROM_A_MAIL + network[: 32 - len(FROM_A_MAIL)]


def quiet_after(sent: int) -> timedelta:
    """Return how long the next mail of a kind has to wait once so many were sent."""
    doublings: int = min(sent - 1, MOST_DOUBLINGS)
    return QUIET_BETWEEN_MAILS * (1 << doublings)


def too_soon(session: Session, enrolment: Enrolment, kind: MailKind, now: CourseTime, asker: str = "") -> bool:
    """Whether this asker has to wait: for their own last mail to age, and for a day to end that had many.

    `asker` is a keyed hash of a network, or `from_a_mail`; empty where only one person can ask.
    """
    sent, last = deliveries.sent_so_far(session, enrolment, kind, asker)
    if last is not None and now < last + quiet_after(sent):
        return True
    if not asker:
        return False
    today = deliveries.askers_since(session, enrolment, kind, now - timedelta(days=1))
    alike = [other for other in today if other.startswith(FROM_A_MAIL) == asker.startswith(FROM_A_MAIL)]
    return len(alike) >= MOST_A_DAY


def can_confirm(session: Session, enrolment: Enrolment, learner: Learner) -> bool:
    """Whether confirming would change anything."""
    return enrolment.state in ("pending", "left") or session.get(Suppression, learner.email) is not None


def is_unused(session: Session, enrolment: Enrolment, learner: Learner, at: datetime) -> bool:
    """Whether a confirmation mailed at this moment would still change something that was so before it was mailed.

    `at` is in whole seconds.
    """
    suppression = session.get(Suppression, learner.email)
    if suppression is not None:
        return at >= suppression.suppressed_at.replace(microsecond=0)
    if enrolment.state == "left":
        return enrolment.left_at is None or at >= enrolment.left_at.replace(microsecond=0)
    return enrolment.state == "pending"


def write_again(session: Session, enrolment: Enrolment, learner: Learner, times: Times, asker: str) -> bool:
    """The mail that leads on from here: a confirmation where one is wanted, otherwise the link."""
    kind: MailKind = "confirm" if can_confirm(session, enrolment, learner) else "link"
    if too_soon(session, enrolment, kind, times.now, asker):
        return False
    deliveries.add(session, enrolment, ServiceMail(kind, asked_by=asker), times)
    return True


def write_to(session: Session, email: str, times: Times, asker: str) -> None:
    """Post the mail that leads back in, for each course this address has not left; none if it is unknown."""
    learners = lock_learners(session, session.scalars(select(Learner.id).where(Learner.email == email)).all())
    # Another address may have become theirs before they were locked.
    learner = next((learner for learner in learners if learner.email == email), None)
    if learner is None:
        return
    enrolments = session.scalars(
        select(Enrolment).where(Enrolment.learner_id == learner.id).order_by(Enrolment.round)
    )
    newest = {enrolment.course_id: enrolment for enrolment in enrolments}
    for enrolment in newest.values():
        if enrolment.state != "left":
            write_again(session, enrolment, learner, times, asker)


def renew(session: Session, enrolment: Enrolment, times: Times) -> bool:
    """New links for this course; those that were sent or forwarded so far stop working.

    Too soon after the last renewal nothing changes: who has the link by mistake cannot make a game of it.
    """
    if too_soon(session, enrolment, "renewed", times.now):
        return False
    enrolment.generation += 1
    deliveries.add(session, enrolment, ServiceMail("renewed"), times)
    return True
