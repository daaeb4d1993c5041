"""The account: of all that fell due, what became of each. It must always add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from course.models import CourseRow, Delivery, Enrolment, Hold
from course.reports.undelivered import Undelivered, undelivered
from course.set_aside import Failure, failures
from course.times import CourseTime

OPEN_STATES = ("queued", "sending", "uncertain", "postponed")
MAIL_STATES = ("queued", "sending", "accepted", "uncertain", "postponed", "failed", "cancelled")


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


def accounts(session: Session, now: datetime, days: int, course: str | None = None) -> list[DayAccount]:
    """One for each course and date on which lessons fell due, from so many days before `now` on.

    `due` counts occasions, `states` counts deliveries. Who is not `counted`, an author trying the course, is
    in neither.
    """
    since = (now - timedelta(days=days)).date()
    due = _due(session, since, course)
    states: dict[tuple[str, date], dict[str, int]] = {key: dict.fromkeys(MAIL_STATES, 0) for key in due}
    rows = session.execute(
        _lessons(since, course, Delivery.state, func.count())
        .where(Delivery.state.in_(MAIL_STATES))
        .group_by(CourseRow.slug, Delivery.local_on, Delivery.state)
    )
    for slug, on, state, count in rows:
        if (slug, on) in states:  # else its first lesson fell due between the two questions
            states[slug, on][state] = count
    return [DayAccount(slug, on, due[slug, on], states[slug, on]) for slug, on in sorted(due)]


def _due(session: Session, since: date, course: str | None) -> dict[tuple[str, date], int]:
    # As one text, since counting rows of a distinct subquery leads SQLite through all deliveries there are.
    occasion = cast(Delivery.enrolment_id, Text) + ":" + Delivery.occasion
    rows = session.execute(
        _lessons(since, course, func.count(occasion.distinct())).group_by(CourseRow.slug, Delivery.local_on)
    )
    return {(slug, on): count for slug, on, count in rows}


def _lessons(since: date, course: str | None, *columns: Any) -> Select[*tuple[Any, ...]]:
    """The deliveries of lessons, each with its course and day, and these columns."""
    found = (
        select(*[CourseRow.slug, Delivery.local_on, *columns])
        .join(CourseRow, CourseRow.id == Delivery.course_id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Delivery.kind == "lesson", Delivery.local_on >= since, Enrolment.counted)
    )
    return found if course is None else found.where(CourseRow.slug == course)


@dataclass(frozen=True, slots=True)
class Condition:
    """How sending stands. `oldest_due_at` (course time) is the earliest lesson that should have left by now.

    `undelivered` lessons failed, and their learners' courses stand still.
    """

    oldest_due_at: datetime | None
    hold: str | None
    states: dict[str, int]
    duplicates: int
    undelivered: Undelivered
    set_aside: Sequence[Failure]


def condition(session: Session, now: CourseTime) -> Condition:
    """`duplicates` counts copies that may have arrived twice; `states` leaves out what is accepted."""
    # A question for each state: only so does SQLite answer it from the small index of that state.
    open_mails = {
        state: session.scalar(select(func.count()).where(Delivery.state == state)) or 0 for state in OPEN_STATES
    }
    moments = (
        session.scalar(select(func.min(Enrolment.due_at)).where(Enrolment.due_at <= now)),
        session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == "queued")),
    )
    return Condition(
        oldest_due_at=min((moment for moment in moments if moment is not None), default=None),
        hold=session.scalar(select(Hold.why)),
        states=open_mails,
        duplicates=session.scalar(select(func.sum(Delivery.duplicates)).where(Delivery.duplicates > 0)) or 0,
        undelivered=undelivered(session),
        set_aside=failures(session),
    )


def learners_due(session: Session, now: CourseTime) -> int:
    """How many would be planned for, were sending to go on now."""
    return session.scalar(select(func.count()).where(Enrolment.due_at <= now)) or 0
