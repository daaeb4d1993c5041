"""The log of who did what. It is only added to: the database refuses anything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.models import Deed


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts (an address, or the command line), at which real moment, and why in their own words."""

    who: str
    at: datetime
    why: str = ""


def log_deed(session: Session, doer: Doer, what: str, course_id: int | None, **details: object) -> None:
    """Part of the caller's transaction: what is undone was not done. `details` must go into JSON."""
    if doer.why:
        details["why"] = doer.why
    session.add(Deed(at=doer.at, who=doer.who, what=what, course_id=course_id, details=details))


def newest(session: Session, limit: int, before: int | None = None) -> Sequence[Deed]:
    """The newest deeds first; `before` is the id of one, to go on from there."""
    wanted = select(Deed).order_by(Deed.id.desc()).limit(limit)
    return session.scalars(wanted if before is None else wanted.where(Deed.id < before)).all()
