"""What a learner's page alone may not do, since its link may have been forwarded: give away all that is held on
them, and erase it. Each is asked for on the page, and done from a mail to the learner. Nothing here commits.

The mail's delivery stands for the wish.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.enrolment import way_back_in
from course.enrolment.enrolments import Participant, find_enrolment
from course.errors import NotFound
from course.language.words import Phrase
from course.models import CertificateRow, Completion, Delivery, Enrolment, Learner, Note, Suppression
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.times import CourseTime, Times

WISH_LASTS = timedelta(days=1)

Deed = Literal["export", "erase"]
DEEDS: Mapping[str, Deed] = {"export": "export", "erase": "erase"}

SPENT = Phrase(
    "This link has done its part, or is more than a day old. You can ask for a new one on your course page."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish whose mail was opened: by whoever reads the learner's mails."""

    deed: Deed
    delivery: Delivery
    enrolment: Enrolment
    learner: Learner


@dataclass(frozen=True, slots=True)
class Held:
    """How much would be lost, in all courses."""

    courses: int
    completed: int
    notes: int
    certificates: int


def ask_by_mail(session: Session, who: Participant, deed: Deed, times: Times, asker: str) -> bool:
    """Mails the learner the way to the deed, and returns whether it did: not to an address that takes no mail, nor
    shortly after the last one."""
    if is_silent(session, who.learner) or way_back_in.too_soon(session, who.enrolment, deed, times.now, asker):
        return False
    deliveries.add(session, who.enrolment, ServiceMail(deed, asked_by=asker), times)
    return True


def is_silent(session: Session, learner: Learner) -> bool:
    """Whether no mail goes to their address, so that it cannot be asked."""
    return session.get(Suppression, learner.email) is not None


def find_wish(session: Session, delivery_id: str, generation: int, now: CourseTime, *, lock: bool = False) -> Wish:
    """Raises NotFound for one that is settled, too old, or from before the learner renewed their links."""
    delivery = session.get(Delivery, delivery_id)
    if delivery is None or delivery.kind not in DEEDS:
        raise NotFound(SPENT)
    enrolment, learner = find_enrolment(session, delivery.enrolment_id, lock=lock)
    if lock:
        session.refresh(delivery)
    is_over = now > delivery.due_at + WISH_LASTS
    if is_over or delivery.used_at is not None or enrolment.generation != generation:
        raise NotFound(SPENT)
    return Wish(DEEDS[delivery.kind], delivery, enrolment, learner)


def settle(wish: Wish, now: CourseTime) -> None:
    """Its link is good for nothing more."""
    wish.delivery.used_at = now


def held_on(session: Session, learner: Learner) -> Held:
    """How much there is to lose."""
    own = select(Enrolment.id).where(Enrolment.learner_id == learner.id)

    def count(table: type[Completion | Note | CertificateRow]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(table.enrolment_id.in_(own))) or 0

    courses = select(func.count(Enrolment.course_id.distinct())).where(Enrolment.learner_id == learner.id)
    return Held(session.scalar(courses) or 0, count(Completion), count(Note), count(CertificateRow))
