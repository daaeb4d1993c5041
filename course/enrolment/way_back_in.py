"""How a learner gets in, and back in: the mail that leads there, and links that are made anew.

Anybody can ask for most of these mails by typing an address. So each mailbox gets a few of them a day at most, and
hardly any once its reader has marked a mail of ours as unwanted.

Nothing here commits. Functions that post mails return whether they did: it may be too soon for another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as, mailbox_of
from course.consent.acts import Shown
from course.consent.left_alone import left_alone
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
"""Mails of one kind about one course because of strangers, as many because of who has a mail of its learner's,
and as many because of the learner. After so many it is too soon until the next day."""

COMPLAINED = "complained"
SILENT_AFTER_COMPLAINT = timedelta(days=90)
"""So long after a complaint, and after each confirmation since, no other goes there, whoever types the address."""

FROM_A_MAIL = "mail "


def from_a_mail(network: str) -> str:
    """Who asks on this network with a token out of a mail to the learner: counted apart from strangers."""
    return FROM_A_MAIL + network[: 32 - len(FROM_A_MAIL)]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for a mail, and the place it is given among others. `asker` is a keyed hash of a network, or
    `from_a_mail`; empty where only one person can ask. `shown` is what a form said to who filled it themselves."""

    asker: str = ""
    place: Place = AT_ONCE
    shown: Shown | None = None


UNASKED = Request()


def quiet_after(sent: int) -> timedelta:
    """Return how long the next mail of a kind has to wait once so many were sent."""
    doublings: int = min(sent - 1, MOST_DOUBLINGS)
    return QUIET_BETWEEN_MAILS * (1 << doublings)


def too_soon(session: Session, enrolment: Enrolment, kind: MailKind, now: CourseTime, asker: str = "") -> bool:
    """Whether this asker has to wait: for their own last mail to age, or for a day with many for such as they to
    end."""
    since = CourseTime(now - mailboxes.DAY)
    sent, last = deliveries.sent_since(session, enrolment, kind, since, asker)
    if last is not None and now < last + quiet_after(sent):
        return True
    today = deliveries.askers_since(session, enrolment, kind, since)
    return sum(_sort(other) == _sort(asker) for other in today) >= MOST_A_DAY


def _sort(asker: str) -> str:
    return FROM_A_MAIL if asker.startswith(FROM_A_MAIL) else asker and "a stranger"


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


def write_again(session: Session, enrolment: Enrolment, learner: Learner, times: Times, request: Request) -> bool:
    """The mail that leads on from here: a confirmation where one is wanted, otherwise the link. One that waits for
    its moment goes now, if the request's place says so: there is no second one."""
    kind: MailKind = "confirm" if can_confirm(session, enrolment, learner) else "link"
    if deliveries.hasten(session, enrolment, kind, times, request.place):
        return request.place.leaves_at is None
    if too_soon(session, enrolment, kind, times.now, request.asker):
        return False
    if kind == "confirm":
        return _ask(session, enrolment, learner, times, request)
    deliveries.add(session, enrolment, ServiceMail(kind, asked_by=request.asker), times, request.place)
    return True


def _ask(session: Session, enrolment: Enrolment, learner: Learner, times: Times, request: Request) -> bool:
    """Whoever asks with a token from a mail reads that mailbox: what strangers have used up is not theirs."""
    if not request.asker.startswith(FROM_A_MAIL):
        if not mailboxes.may_be_asked(session, learner.email, times.now):
            return False
        mailboxes.note(session, learner.email, times.now)
    if _is_silent(session, learner, times):
        return False
    deliveries.add(session, enrolment, ServiceMail("confirm", asked_by=request.asker), times, request.place)
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
        # Of who was erased the complaint stays, without its moment.
        return left_alone(session, [learner.email]).get(learner.email) == COMPLAINED
    asked_at = session.scalar(
        select(func.max(Delivery.due_at))
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Enrolment.learner_id == learner.id, Delivery.kind == "confirm", Delivery.state != "cancelled")
    )
    asked_lately = asked_at is not None and times.now < asked_at + SILENT_AFTER_COMPLAINT
    return times.real < complained_at + SILENT_AFTER_COMPLAINT or asked_lately


def write_to(session: Session, email: str, times: Times, asker: str) -> None:
    """Post the mail that leads back in, for each course this address has not left, in whatever spelling; none if
    it is unknown."""
    mailboxes.one_at_a_time(session, [counted_as(email)])
    mailbox = mailbox_of(email)
    theirs = or_(Learner.email == email, Learner.mailbox == mailbox)
    found = session.scalars(select(Learner.id).where(theirs)).all()
    # Another address may have become theirs before they were locked.
    learners = [one for one in lock_learners(session, found) if mailbox_of(one.email) == mailbox]
    for learner in learners:
        _write_to(session, learner, times, Request(asker))


def _write_to(session: Session, learner: Learner, times: Times, request: Request) -> None:
    enrolments = session.scalars(
        select(Enrolment).where(Enrolment.learner_id == learner.id).order_by(Enrolment.round)
    )
    newest = {enrolment.course_id: enrolment for enrolment in enrolments}
    for enrolment in newest.values():
        if enrolment.state != "left":
            write_again(session, enrolment, learner, times, request)


def renew(session: Session, enrolment: Enrolment, times: Times) -> bool:
    """New links for this course; those that were sent or forwarded so far stop working.

    Too soon after the last renewal nothing changes: who has the link by mistake cannot make a game of it.
    """
    if too_soon(session, enrolment, "renewed", times.now):
        return False
    enrolment.generation += 1
    deliveries.add(session, enrolment, ServiceMail("renewed"), times)
    return True
