"""Whose numbers they are: the learners of a course who began within a time, with an edition."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVarTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from course.models import Edition, Enrolment

Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Choice:
    """`since` and `until` are the first and the last UTC day on which they confirmed; `edition` is a row's id.

    Who is not `counted`, an author trying the course, is never among them.
    """

    course_id: int
    since: date | None = None
    until: date | None = None
    edition: int | None = None

    def of(self, wanted: Select[*Columns]) -> Select[*Columns]:
        """Return a question about enrolments, asked of these learners only."""
        wanted = wanted.where(
            Enrolment.course_id == self.course_id, Enrolment.counted, Enrolment.confirmed_at.is_not(None)
        )
        if self.since is not None:
            wanted = wanted.where(Enrolment.confirmed_at >= _midnight(self.since))
        if self.until is not None:
            wanted = wanted.where(Enrolment.confirmed_at < _midnight(self.until + timedelta(days=1)))
        if self.edition is not None:
            wanted = wanted.where(Enrolment.edition_id == self.edition)
        return wanted


def editions(session: Session, course_id: int) -> dict[int, int]:
    """The editions of a course, the newest first: id to number."""
    rows = session.execute(
        select(Edition.id, Edition.number).where(Edition.course_id == course_id).order_by(Edition.number.desc())
    )
    return dict(rows.all())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
