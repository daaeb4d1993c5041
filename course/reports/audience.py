"""Whom a publication touches: how many learners, in which state, how far on which edition."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.models import CourseRow, Delivery, Edition, Enrolment
from course.schedule.progress import UNDER_WAY


@dataclass(frozen=True, slots=True)
class Standing:
    """So many learners under way have had so many lessons of an edition."""

    edition: int
    had: int
    learners: int


@dataclass(frozen=True, slots=True)
class Audience:
    states: dict[str, int]
    standings: tuple[Standing, ...]

    @property
    def under_way(self) -> int:
        return sum(standing.learners for standing in self.standings)


def audience(session: Session, slug: str) -> Audience:
    """Return whom a publication of this course would touch; nobody, if it was never published."""
    course_id = session.scalar(select(CourseRow.id).where(CourseRow.slug == slug))
    had = (
        select(Enrolment.id, Enrolment.edition_id, func.count(Delivery.id).label("had"))
        .outerjoin(Delivery, (Delivery.enrolment_id == Enrolment.id) & (Delivery.kind == "lesson"))
        .where(Enrolment.course_id == course_id, Enrolment.counted, Enrolment.state.in_(UNDER_WAY))
        .group_by(Enrolment.id, Enrolment.edition_id)
        .subquery()
    )
    standings = session.execute(
        select(Edition.number, had.c.had, func.count())
        .join(Edition, Edition.id == had.c.edition_id)
        .group_by(Edition.number, had.c.had)
        .order_by(Edition.number, had.c.had)
    )
    return Audience(states_of(session, course_id), tuple(Standing(*row) for row in standings))


def states_of(session: Session, course_id: int | None) -> dict[str, int]:
    """How many learners of a course are in each state."""
    states = select(Enrolment.state, func.count()).where(Enrolment.course_id == course_id, Enrolment.counted)
    return dict(session.execute(states.group_by(Enrolment.state)).all())
