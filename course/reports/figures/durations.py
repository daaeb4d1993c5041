"""How long people take from their first day to their last."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import utc_day
from course.models import Enrolment
from course.reports.figures.choice import Choice


@dataclass(frozen=True, slots=True)
class Durations:
    """`began` learners; `finished[days]` of them were through that many days later. A day is one of UTC."""

    began: int
    finished: dict[int, int]

    @property
    def curve(self) -> tuple[tuple[int, int], ...]:
        """How many were through after so many days or fewer; each day on which somebody was."""
        through, points = 0, []
        for days in sorted(self.finished):
            through += self.finished[days]
            points.append((days, through))
        return tuple(points)

    @property
    def median(self) -> int | None:
        """After how many days half of those who finish are through; None if nobody is."""
        half = sum(self.finished.values()) / 2
        return next((days for days, through in self.curve if through >= half), None)


def durations(session: Session, choice: Choice) -> Durations:
    """Return how long those took who finished, among all who began."""
    first, last = utc_day(session, Enrolment.confirmed_at), utc_day(session, Enrolment.finished_at)
    rows = session.execute(choice.of(select(first, last, func.count()).group_by(first, last)))
    began, finished = 0, Counter[int]()
    for begin, end, count in rows:
        began += count
        if end is not None:
            # A clock that jumped may have put the end before the beginning.
            finished[max(0, (date.fromisoformat(end) - date.fromisoformat(begin)).days)] += count
    return Durations(began, dict(finished))
