"""How a learner gets in, and back in: the mail that leads there, and links that are made anew.

Anybody can ask for most of these mails by typing an address. So each mailbox gets a few of them a day at most, and
hardly any once its reader has marked a mail of ours as unwanted.

Nothing here commits. Functions that post mails return whether they did: it may be too soon for another.
"""

from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as, mailbox_of
from course.content.mails import MailKind
from course.enrolment.allowance import mailboxes
from course.locks import lock_learners
from course.models import Delivery, Enrolment, Learner, Suppression
from course.schedule import deliveries
from course.schedule.deliveries import AT_ONCE, Place, ServiceMail
from course.times import CourseTime, Times

QUIET_BETWEEN_MAILS = timedelta(minutes=2)
"""Asking again within this time sends no second mail; it doubles with each mail that brought nothing.

So nobody can have a stranger's inbox filled from our forms.
"""
MOST_DOUBLINGS = 12
MOST_A_DAY = 4
"""Mails of one kind about one course: after so many it is too soon until the next day."""

COMPLAINED = "complained"
SILENT_AFTER_COMPLAINT = timedelta(days=90)
"""So long after a complaint, and after each confirmation since, no other goes there, whoever types the address."""


def quiet_after(sent: int) -> timedelta:
    """Return how long the next mail of a kind has to wait once so many were sent."""
    doublings: int = min(sent - 1, MOST_DOUBLINGS)
    return QUIET_BETWEEN_MAILS * (1 << doublings)


def too_soon(session: Session, enrolment: Enrolment, kind: MailKind, now: CourseTime) -> bool:
    sent, last = deliveries.sent_since(session, enrolment, kind, CourseTime(now - mailboxes.DAY))
    return last is not None and (sent >= MOST_A_DAY or now < last + quiet_after(sent))


def can_confirm(session: Session, enrolment: Enrolment, learner: Learner) -> bool:
    """Whether confirming would change anything."""
    return enrolment.state in ("pending", "left") or session.get(Suppression, learner.email) is not None


def write_again(
    session: Session, enrolment: Enrolment, learner: Learner, times: Times, place: Place = AT_ONCE
) -> bool:
    """The mail that leads on from here: a confirmation where one is wanted, otherwise the link. One that waits for
    its moment goes now, if this place says so: there is no second one."""
    kind: MailKind = "confirm" if can_confirm(session, enrolment, learner) else "link"
    if deliveries.hasten(session, enrolment, kind, times, place):
        return place.leaves_at is None
    if too_soon(session, enrolment, kind, times.now):
        return False
    if kind == "confirm":
        return _ask(session, enrolment, learner, times, place)
    deliveries.add(session, enrolment, ServiceMail(kind), times, place)
    return True


def _ask(session: Session, enrolment: Enrolment, learner: Learner, times: Times, place: Place) -> bool:
    if not mailboxes.may_be_asked(session, learner.email, times.now) or _is_silent(session, learner, times):
        return False
    mailboxes.note(session, learner.email, times.now)
    deliveries.add(session, enrolment, ServiceMail("confirm"), times, place)
    return True


def _is_silent(session: Session, learner: Learner, times: Times) -> bool:
    """Whether a complaint is too recent for a confirmation, or a confirmation since."""
    same_box = or_(Learner.id == learner.id, Learner.mailbox == mailbox_of(learner.email))
    of_mailbox = select(Learner.email).where(same_box)
    complained_at = session.scalar(
        select(func.max(Suppression.suppressed_at)).where(
            Suppression.email.in_(of_mailbox), Suppression.reason == COMPLAINED
        )
    )
    if complained_at is None:
        return False
    asked_at = session.scalar(
        select(func.max(Delivery.due_at))
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Enrolment.learner_id == learner.id, Delivery.kind == "confirm", Delivery.state != "cancelled")
    )
    asked_lately = asked_at is not None and times.now < asked_at + SILENT_AFTER_COMPLAINT
    return times.real < complained_at + SILENT_AFTER_COMPLAINT or asked_lately


def write_to(session: Session, email: str, times: Times) -> None:
    """Post the mail that leads back in, for each course this address has not left, in whatever spelling; none if
    it is unknown."""
    mailboxes.one_at_a_time(session, [counted_as(email)])
    mailbox = mailbox_of(email)
    theirs = or_(Learner.email == email, Learner.mailbox == mailbox)
    found = session.scalars(select(Learner.id).where(theirs)).all()
    # Another address may have become theirs before they were locked.
    learners = [one for one in lock_learners(session, found) if mailbox_of(one.email) == mailbox]
    for learner in learners:
        _write_to(session, learner, times)


def _write_to(session: Session, learner: Learner, times: Times) -> None:
    enrolments = session.scalars(
        select(Enrolment).where(Enrolment.learner_id == learner.id).order_by(Enrolment.round)
    )
    newest = {enrolment.course_id: enrolment for enrolment in enrolments}
    for enrolment in newest.values():
        if enrolment.state != "left":
            write_again(session, enrolment, learner, times)


def renew(session: Session, enrolment: Enrolment, times: Times) -> bool:
    """New links for this course; those that were sent or forwarded so far stop working.

    Too soon after the last renewal nothing changes: who has the link by mistake cannot make a game of it.
    """
    if too_soon(session, enrolment, "renewed", times.now):
        return False
    enrolment.generation += 1
    deliveries.add(session, enrolment, ServiceMail("renewed"), times)
    return True
