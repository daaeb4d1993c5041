"""Has enrolments looked at whose facts have changed: the planning step works out what follows for each."""

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from course.models import Enrolment
from course.schedule.progress import UNDER_WAY
from course.times import CourseTime


def look_again(session: Session, which: ColumnElement[bool], now: CourseTime) -> None:
    """Have the planning step look at these enrolments, as far as they are under way. They are locked."""
    session.execute(update(Enrolment).where(which, Enrolment.state.in_(UNDER_WAY)).values(due_at=now))
