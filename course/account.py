"""The account: of all that fell due, what became of each. It must always add up."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.models import CourseRow, Delivery, Enrolment, Hold

STATES = ("queued", "sending", "accepted", "uncertain", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class DayAccount:
    """The lessons of a course that fell due on one local date."""

    course: str
    on: date
    due: int
    states: dict[str, int]

    @property
    def adds_up(self) -> bool:
        return self.due == sum(self.states.values())


def accounts(session: Session, since: date, course: str | None = None) -> list[DayAccount]:
    """One for each course and day from `since` on; `due` counts enrolments, `states` counts deliveries.

    Who is not `counted`, an author trying the course, is in neither.
    """
    days = _days(session, since, course)
    states: dict[tuple[str, date], dict[str, int]] = {key: dict.fromkeys(STATES, 0) for key in days}
    rows = session.execute(
        select(CourseRow.slug, Delivery.local_on, Delivery.state, func.count())
        .join(CourseRow, CourseRow.id == Delivery.course_id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(
            Delivery.kind == "lesson",
            Delivery.local_on >= since,
            Delivery.state.in_(STATES),
            Enrolment.counted,
        )
        .group_by(CourseRow.slug, Delivery.local_on, Delivery.state)
    )
    for slug, on, state, count in rows:
        if (slug, on) in states:
            states[(slug, on)][state] = count
    return [DayAccount(slug, on, days[(slug, on)], states[(slug, on)]) for slug, on in sorted(days)]


def _days(session: Session, since: date, course: str | None) -> dict[tuple[str, date], int]:
    wanted = [Delivery.kind == "lesson", Delivery.local_on >= since, Enrolment.counted]
    if course is not None:
        wanted.append(CourseRow.slug == course)
    per_learner = (
        select(CourseRow.slug, Delivery.local_on, Delivery.enrolment_id, Delivery.occasion)
        .join(CourseRow, CourseRow.id == Delivery.course_id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(*wanted)
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(per_learner.c.slug, per_learner.c.local_on, func.count()).group_by(
            per_learner.c.slug, per_learner.c.local_on
        )
    )
    return {(slug, on): count for slug, on, count in rows}


@dataclass(frozen=True, slots=True)
class Condition:
    """How sending stands. `oldest_due_at` (course time) is the earliest lesson that should have left by now."""

    oldest_due_at: datetime | None
    hold: str | None
    states: dict[str, int]
    duplicates: int


def condition(session: Session, now: datetime) -> Condition:
    """`duplicates` counts copies that may have arrived twice; `states` leaves out what is accepted."""
    counted = session.execute(
        select(Delivery.state, func.count())
        .where(Delivery.state.in_(("queued", "sending", "uncertain")))
        .group_by(Delivery.state)
    )
    moments = (
        session.scalar(select(func.min(Enrolment.due_at)).where(Enrolment.due_at <= now)),
        session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == "queued")),
    )
    return Condition(
        oldest_due_at=min((moment for moment in moments if moment is not None), default=None),
        hold=session.scalar(select(Hold.why)),
        states=dict.fromkeys(("queued", "sending", "uncertain"), 0) | dict(counted.all()),
        duplicates=session.scalar(select(func.sum(Delivery.duplicates)).where(Delivery.duplicates > 0)) or 0,
    )


def learners_due(session: Session, now: datetime) -> int:
    """How many would be planned for, were sending to go on now."""
    return session.scalar(select(func.count()).where(Enrolment.due_at <= now)) or 0
