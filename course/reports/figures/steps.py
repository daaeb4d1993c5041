"""From a lesson that fell due to one that was completed: how many learners took each step, and where they stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from course.models import Completion, Delivery, Enrolment, Visit
from course.reports.figures.choice import Choice

SETTLED = timedelta(days=7)
"""Who opened a lesson may still complete it; after a week few do."""
ENOUGH = 10
"""Of fewer learners a share says nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One lesson. `due`: its mail fell due; `arrived`: it was taken and did not come back; `visited`: its page was
    opened; `completed`: the learner said so. `opened_before` and `stopped` are of those who first opened it over a
    week ago: all, and those who have not completed it."""

    lesson: str
    day: int
    due: int = 0
    arrived: int = 0
    visited: int = 0
    completed: int = 0
    opened_before: int = 0
    stopped: int = 0

    @property
    def loss(self) -> float:
        """Which share of those who opened it long enough ago stopped there, from 0 to 1."""
        return self.stopped / self.opened_before if self.opened_before else 0.0


def steps(session: Session, choice: Choice, lessons: Sequence[str], now: datetime) -> tuple[Step, ...]:
    """One for each lesson, in their order. `now` is course time."""
    mails = {lesson: (due, arrived) for lesson, due, arrived in session.execute(_mails(choice))}
    visits = {lesson: counts for lesson, *counts in session.execute(_visits(choice, now))}
    done = dict(session.execute(_completions(choice)).all())
    return tuple(
        Step(lesson, day, *mails.get(lesson, (0, 0)), visited, done.get(lesson, 0), opened_before, stopped)
        for day, lesson in enumerate(lessons, 1)
        for visited, opened_before, stopped in [visits.get(lesson, (0, 0, 0))]
    )


def worst(found: Sequence[Step]) -> Step | None:
    """The lesson that loses the largest share of those who open it; None while too few have opened any."""
    judged = [step for step in found if step.opened_before >= ENOUGH and step.stopped]
    return max(judged, key=lambda step: step.loss, default=None)


def _mails(choice: Choice) -> Select[str, int, int]:
    came = case(((Delivery.state == "accepted") & (func.coalesce(Delivery.fate, "") != "bounced"), 1))
    return choice.of(
        select(Delivery.slug, func.count(), func.count(came))
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Delivery.course_id == choice.course_id, Delivery.kind == "lesson")
        .group_by(Delivery.slug)
    )


def _visits(choice: Choice, now: datetime) -> Select[str, int, int, int]:
    before = Visit.visited_at <= now - SETTLED
    stopped = case((before & Completion.completed_at.is_(None), 1))
    done = (Completion.enrolment_id == Visit.enrolment_id) & (Completion.lesson == Visit.lesson)
    return choice.of(
        select(Visit.lesson, func.count(), func.count(case((before, 1))), func.count(stopped))
        .join(Enrolment, Enrolment.id == Visit.enrolment_id)
        .outerjoin(Completion, done)
        .group_by(Visit.lesson)
    )


def _completions(choice: Choice) -> Select[str, int]:
    return choice.of(
        select(Completion.lesson, func.count())
        .join(Enrolment, Enrolment.id == Completion.enrolment_id)
        .group_by(Completion.lesson)
    )
