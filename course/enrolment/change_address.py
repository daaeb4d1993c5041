"""A learner's change of address: asked for on their page, agreed to at both ends. Nothing here commits.

Each end is asked by a mail; the mail's delivery stands for the question, and its moment says which change it
belongs to.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from course.addresses.spellings import counted_as, mailbox_of
from course.content.mails import MailKind
from course.enrolment import way_back_in
from course.enrolment.allowance import mailboxes
from course.enrolment.enrolments import Participant, find_enrolment
from course.enrolment.leaving import go_on
from course.errors import Invalid, NotFound
from course.ids import new_id
from course.language.words import Phrase
from course.locks import lock_deliveries
from course.models import AddressChange, Attempt, Delivery, Enrolment, Learner, Suppression
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.times import CourseTime, Times

AGREE_WITHIN = timedelta(days=7)
UNDO_WITHIN = timedelta(days=7)

MOST_A_DAY = 3
"""Learners who may have one address asked within a day: they are strangers to whom it belongs."""

SILENT = (
    "Mail to %(address)s came back or was marked as unwanted, so none is sent there, and it cannot agree to"
    " another address."
)

QuestionState = Literal["open", "waiting", "done", "over"]
"""Of one question: to be answered; agreed here but not yet at the other end; settled; no longer to be settled."""


def ask_both_ends(session: Session, who: Participant, email: str, times: Times) -> None:
    """Asks both ends. Whether the new address is somebody's already shows only in the mail that it gets.

    Raises Invalid.
    """
    enrolment, learner = who.enrolment, who.learner
    if email == learner.email:
        raise Invalid({"email": Phrase("This is the address your lessons go to already.")})
    if is_silent(session, learner):
        raise Invalid({"email": Phrase(SILENT, {"address": learner.email})})
    if way_back_in.too_soon(session, enrolment, "move-from", times.now):
        why = Phrase("Both addresses had a mail from us a short while ago. Give it some minutes more.")
        raise Invalid({"email": why})
    mailboxes.one_at_a_time(session, [counted_as(email)])
    if _asked_today(session, learner, times.now) >= mailboxes.MOST_A_DAY or not mailboxes.may_be_asked(
        session, email, times.now
    ):
        raise Invalid({"email": Phrase("That was asked several times within a day. Please try again tomorrow.")})
    mailboxes.note(session, email, times.now)
    drop(session, learner)
    session.add(AddressChange(id=new_id(), learner_id=learner.id, email=email, asked_at=times.now))
    there: MailKind = "taken" if _is_taken(session, email, learner) else "move-to"
    deliveries.add(session, enrolment, ServiceMail("move-from"), times)
    deliveries.add(session, enrolment, ServiceMail(there, email=email), times)


def _asked_lately(session: Session, email: str, now: CourseTime) -> int:
    """How many learners wish to have this address, and asked within a day."""
    asked = select(func.count()).where(
        AddressChange.email == email, AddressChange.asked_at > now - timedelta(days=1)
    )
    return session.scalar(asked) or 0


def is_silent(session: Session, learner: Learner) -> bool:
    """Whether no mail goes to their address, so that it cannot be asked."""
    return session.get(Suppression, learner.email) is not None


def _asked_today(session: Session, learner: Learner, now: CourseTime) -> int:
    """How many changes this learner has asked for within a day, in all of their courses."""
    asked = (
        select(func.count())
        .select_from(Delivery)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(
            Enrolment.learner_id == learner.id,
            Delivery.kind == "move-from",
            Delivery.due_at > now - mailboxes.DAY,
        )
    )
    return session.scalar(asked) or 0


def _is_taken(session: Session, email: str, learner: Learner) -> bool:
    """Whether it is somebody else's, in whatever spelling."""
    same = or_(Learner.email == email, Learner.mailbox == mailbox_of(email))
    theirs = select(Learner.id).where(same, Learner.id != learner.id)
    return session.scalar(theirs.limit(1)) is not None


def drop(session: Session, learner: Learner) -> None:
    """Takes back what is not yet settled."""
    change = open_change(session, learner)
    if change is not None:
        session.delete(change)
        session.flush()


def open_change(session: Session, learner: Learner) -> AddressChange | None:
    """The one that waits for a yes; perhaps for too long already."""
    return session.scalar(
        select(AddressChange).where(
            AddressChange.learner_id == learner.id,
            AddressChange.old_agreed_at.is_(None) | AddressChange.new_agreed_at.is_(None),
        )
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A mailed question, opened again; `change` is None once it was dropped, or asked anew."""

    delivery: Delivery
    enrolment: Enrolment
    learner: Learner
    change: AddressChange | None

    @property
    def is_undo(self) -> bool:
        return self.delivery.kind == "moved"


def find_question(session: Session, delivery_id: str, *, lock: bool = False) -> Question:
    """Raises NotFound."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound(Phrase("This link belongs to no change of address any more."))
    enrolment, learner = find_enrolment(session, delivery.enrolment_id, lock=lock)
    changes = session.scalars(select(AddressChange).where(AddressChange.learner_id == learner.id))
    change = next(
        (change for change in changes if delivery.due_at in (change.asked_at, _settled_at(change))), None
    )
    return Question(delivery, enrolment, learner, change)


def _settled_at(change: AddressChange) -> datetime | None:
    if change.old_agreed_at is None or change.new_agreed_at is None:
        return None
    return max(change.old_agreed_at, change.new_agreed_at)


def standing(question: Question, now: CourseTime) -> QuestionState:
    """Where a question stands. An undo is settled when the old address is in use again."""
    change = question.change
    if question.is_undo:
        if question.learner.email == question.delivery.email:
            return "done"
        in_time = now <= question.delivery.due_at + UNDO_WITHIN
        return "open" if change and change.email == question.learner.email and in_time else "over"
    if change is None:
        return "over"
    if _settled_at(change) is not None:
        return "done"
    if is_over(change, now):
        return "over"
    mine = change.old_agreed_at if question.delivery.kind == "move-from" else change.new_agreed_at
    return "open" if mine is None else "waiting"


def is_over(change: AddressChange, now: CourseTime) -> bool:
    """Whether it is too late to agree."""
    return now > change.asked_at + AGREE_WITHIN


def agree(session: Session, question: Question, times: Times) -> None:
    """One end says yes, or takes the change back. Twice is once."""
    if standing(question, times.now) != "open" or question.change is None:
        return
    if question.is_undo:
        _take_back(session, question, times)
        return
    if question.delivery.kind == "move-from":
        question.change.old_agreed_at = times.now
    else:
        question.change.new_agreed_at = times.now
    if _settled_at(question.change) is None:
        return
    if _is_taken(session, question.change.email, question.learner):
        # Somebody registered with it meanwhile.
        session.delete(question.change)
        return
    old = question.learner.email
    _move(session, question.learner, question.change.email, times)
    deliveries.add(session, question.enrolment, ServiceMail("moved", email=old), times)


def _take_back(session: Session, question: Question, times: Times) -> None:
    old = question.delivery.email
    if old is not None and not _is_taken(session, old, question.learner):
        _move(session, question.learner, old, times)
    session.delete(question.change)


def _move(session: Session, learner: Learner, email: str, times: Times) -> None:
    """What is heard later of mails that went to the old address is said of that address."""
    own = select(Enrolment.id).where(Enrolment.learner_id == learner.id)
    mails = lock_deliveries(session, Delivery.enrolment_id.in_(own) & Delivery.email.is_(None))
    session.execute(
        update(Attempt).where(Attempt.delivery_id.in_(mails), Attempt.email.is_(None)).values(email=learner.email)
    )
    learner.email = email
    session.flush()
    go_on(session, learner, times)


def refuse(session: Session, question: Question) -> None:
    """One end says no: the change is dropped, if it is not settled."""
    if not question.is_undo and question.change is not None and _settled_at(question.change) is None:
        session.delete(question.change)
