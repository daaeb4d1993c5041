"""Find an enrolment, and set when the planning step looks at it again."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.course import Course
from course.errors import NotFound
from course.language.words import Phrase
from course.locks import lock_learners
from course.models import Enrolment, Learner
from course.publishing.editions import Published, Shelf
from course.schedule.facts import facts_of
from course.schedule.forecast import Look, look_ahead, undisturbed
from course.schedule.late import take_back_waiting
from course.times import CourseTime

GONE = Phrase("This link belongs to no course of ours any more.")


@dataclass(frozen=True, slots=True)
class Participant:
    """A learner in a course: their rows, and the course as it is published."""

    enrolment: Enrolment
    learner: Learner
    published: Published

    @property
    def course(self) -> Course:
        """Return the course with the lessons of this learner's edition."""
        return self.published.edition(self.enrolment.edition_id)


def newest_round(session: Session, learner_id: int, course_id: int) -> Enrolment | None:
    """The newest round of a learner in a course."""
    return session.scalar(
        select(Enrolment)
        .where(Enrolment.learner_id == learner_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.round.desc())
        .limit(1)
    )


def find_enrolment(session: Session, enrolment_id: int, *, lock: bool = False) -> tuple[Enrolment, Learner]:
    """The newest round of the course this enrolment is of: links of an older one lead there.

    Locked, two deeds of one learner wait for each other. Raises NotFound for an enrolment that is not there (any
    more).
    """
    found = session.get(Enrolment, enrolment_id)
    if found is None:
        raise NotFound(GONE)
    ids = [found.learner_id]
    learners = lock_learners(session, ids) if lock else session.scalars(select(Learner).where(Learner.id.in_(ids)))
    learner = next(iter(learners), None)
    enrolment = newest_round(session, found.learner_id, found.course_id)
    if learner is None or enrolment is None:
        raise NotFound(GONE)
    return enrolment, learner


def participant(session: Session, shelf: Shelf, enrolment_id: int, *, lock: bool = False) -> Participant:
    """Like `find`, with the course."""
    enrolment, learner = find_enrolment(session, enrolment_id, lock=lock)
    return Participant(enrolment, learner, shelf.course(session, enrolment.course_id))


def replan(session: Session, who: Participant, now: CourseTime) -> None:
    """Set, after a deed, the moment at which the planning step looks at this enrolment next. A deed sends nothing
    by surprise: see `undisturbed`."""
    who.enrolment.replanned_at = now
    facts = facts_of(session, who.published, who.enrolment)
    if facts.newest in facts.nudged and take_back_waiting(session, who.enrolment, ("nudge",)):
        facts = facts_of(session, who.published, who.enrolment)
    facts = undisturbed(facts, now, who.enrolment.next_at)
    who.enrolment.not_before = facts.not_before
    apply(who.enrolment, look_ahead(facts, now), now)
    session.flush()


def apply(enrolment: Enrolment, look: Look, now: CourseTime) -> None:
    """Write into the row what a look after a deed came to."""
    for column, value in look.moments.items():
        setattr(enrolment, column, value)
    enrolment.replanned_at = now
