"""The log of who did what. It is only added to: the database refuses anything else."""

from dataclasses import dataclass
from datetime import datetime

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
