"""Week by week: how many began and finished, and how far those who began together came."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import utc_day
from course.models import Completion, Enrolment
from course.reports.figures.choice import Choice

A_WEEK = timedelta(days=7)
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True)
class Week:
    """From a Monday on: how many began and finished in it; of those who began in it, how many have completed each
    lesson since, and how many all."""

    monday: date
    began: int
    finished: int
    completed: dict[str, int] = field(default_factory=dict)
    through: int = 0


def weeks(session: Session, choice: Choice) -> tuple[Week, ...]:
    """Every week from the first with anybody in it, or the last half year, to the last, the oldest first."""
    day = utc_day(session, Enrolment.confirmed_at)
    began = _by_week(session.execute(choice.of(select(day, func.count()).group_by(day))))
    end = utc_day(session, Enrolment.finished_at)
    ended = choice.of(select(end, func.count()).where(Enrolment.finished_at.is_not(None)).group_by(end))
    finished = _by_week(session.execute(ended))
    through = _by_week(
        session.execute(
            choice.of(select(day, func.count()).where(Enrolment.finished_at.is_not(None)).group_by(day))
        )
    )
    completed: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for on, lesson, count in session.execute(
        choice.of(
            select(day, Completion.lesson, func.count())
            .join(Enrolment, Enrolment.id == Completion.enrolment_id)
            .group_by(day, Completion.lesson)
        )
    ):
        completed[monday_of(date.fromisoformat(on))][lesson] += count
    return tuple(
        Week(monday, began[monday], finished[monday], dict(completed[monday]), through[monday])
        for monday in _mondays({*began, *finished})
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _by_week(rows: Iterable[tuple[str, int]]) -> Counter[date]:
    found: Counter[date] = Counter()
    for on, count in rows:
        found[monday_of(date.fromisoformat(on))] += count
    return found


def _mondays(known: set[date]) -> list[date]:
    """All of them in between, also those in which nobody did anything."""
    if not known:
        return []
    last = max(known)
    first = max(min(known), last - (MOST_WEEKS - 1) * A_WEEK)
    return [first + number * A_WEEK for number in range((last - first) // A_WEEK + 1)]
