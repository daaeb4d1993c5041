"""The log of who did what. It is only added to: the database refuses anything else."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from course.models import CourseRow, Deed
from course.times import RealTime


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts (an address, or the command line), at which real moment, and why in their own words."""

    who: str
    at: RealTime
    why: str = ""


def log_deed(session: Session, doer: Doer, what: str, course_id: int | None, **details: object) -> None:
    """Part of the caller's transaction: what is undone was not done. `details` must go into JSON."""
    if doer.why:
        details["why"] = doer.why
    session.add(Deed(at=doer.at, who=doer.who, what=what, course_id=course_id, details=details))


def newest_deeds(session: Session, limit: int, before: int | None = None) -> Sequence[Row[Deed, str | None]]:
    """The newest deeds first, with the course's slug; `before` is the id of one, to go on from there."""
    wanted = select(Deed, CourseRow.slug).outerjoin(CourseRow, CourseRow.id == Deed.course_id)
    wanted = wanted.order_by(Deed.id.desc()).limit(limit)
    return session.execute(wanted if before is None else wanted.where(Deed.id < before)).all()
