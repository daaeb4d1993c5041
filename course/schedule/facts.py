"""Gathers what `progress` decides by, for many enrolments in a few queries."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, cast, not_, select
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Completion, Enrolment
from course.publishing.editions import Published
from course.schedule.posted import mails_so_far
from course.schedule.progress import Facts, Pace, Posted, State, newest
from course.schedule.rhythm import Rhythm, spread_of
from course.set_aside import left_alone
from course.times import Times


class Subject(NamedTuple):
    """All of an enrolment that decides about its next mail, as plain values: planning reads thousands at once."""

    id: int
    course_id: int
    edition_id: int
    state: str
    zone: str
    hour: int
    weekdays: str
    pace: str
    max_open: int | None
    tracking: bool
    created_at: datetime
    confirmed_at: datetime | None
    resumes_on: date | None
    not_before: datetime | None
    replanned_at: datetime | None


REAL: BindParameter[datetime] = bindparam("real")
IS_DUE: ColumnElement[bool] = and_(
    Enrolment.due_at <= bindparam("now"),
    not_(left_alone("enrolment", cast(Enrolment.id, String), REAL)),
    not_(left_alone("course", cast(Enrolment.course_id, String), REAL)),
)
"""Which enrolments are to be looked at, at the `now` and `real` of a `Times`: not those that failed and are left
alone for a while. Asked twice a second, so it is put together once."""

DUE = (
    select(*(getattr(Enrolment, field) for field in Subject._fields))
    .where(IS_DUE)
    .order_by(Enrolment.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def due_subjects(session: Session, times: Times, most: int) -> list[Subject]:
    """Those to be looked at, the longest due first, locked; what another process has locked is passed over."""
    asked = {"now": times.now, "real": times.real, "most": most}
    return [Subject._make(row) for row in session.execute(DUE, asked)]


def rhythm_of(enrolment: Enrolment | Subject) -> Rhythm:
    return Rhythm(
        enrolment.zone, enrolment.hour, _weekdays(enrolment.weekdays), spread_of(f"enrolment {enrolment.id}")
    )


@lru_cache(maxsize=128)
def _weekdays(digits: str) -> frozenset[int]:
    return frozenset(int(day) for day in digits)


def begun_at(enrolment: Enrolment | Subject) -> datetime:
    """When the course began; not before there was an enrolment, even if consent was given elsewhere earlier."""
    return max(enrolment.confirmed_at or enrolment.created_at, enrolment.created_at)


def gather(session: Session, published: Published, enrolments: Sequence[Enrolment | Subject]) -> dict[int, Facts]:
    """The facts of each enrolment (all of one course), by enrolment id; `completed` only where it matters."""
    ids = [enrolment.id for enrolment in enrolments]
    posted, nudged = mails_so_far(session, ids)
    matters = [e.id for e in enrolments if _completion_matters(e, published, posted[e.id])]
    completed = _completed(session, matters)
    return {
        enrolment.id: _facts(
            enrolment, published, posted[enrolment.id], completed[enrolment.id], nudged[enrolment.id]
        )
        for enrolment in enrolments
    }


def facts_of(session: Session, published: Published, enrolment: Enrolment) -> Facts:
    return gather(session, published, [enrolment])[enrolment.id]


def _completion_matters(enrolment: Enrolment | Subject, published: Published, posted: dict[str, Posted]) -> bool:
    """Under daily pace without a limit, nothing depends on what was completed until all has been sent."""
    paced = enrolment.pace != "daily" or enrolment.max_open is not None
    return paced or len(posted) >= len(published.editions[enrolment.edition_id])


def _facts(
    enrolment: Enrolment | Subject,
    published: Published,
    posted: dict[str, Posted],
    completed: dict[str, datetime],
    nudged: set[str],
) -> Facts:
    lessons = published.editions[enrolment.edition_id]
    return Facts(
        lessons=lessons,
        posted=posted,
        completed=frozenset(completed),
        completed_at=completed.get(newest(lessons, posted)),
        rhythm=rhythm_of(enrolment),
        state=_state(enrolment.state),
        begun_at=begun_at(enrolment),
        start=published.course.start,
        pace=_pace(enrolment.pace),
        max_open=enrolment.max_open,
        resumes_on=enrolment.resumes_on,
        nudge_days=published.course.nudge,
        nudged=frozenset(nudged),
        not_before=enrolment.not_before,
        acted_at=enrolment.replanned_at,
        grace=published.grace,
    )


def _completed(session: Session, ids: Sequence[int]) -> defaultdict[int, dict[str, datetime]]:
    found: defaultdict[int, dict[str, datetime]] = defaultdict(dict)
    if not ids:
        return found
    rows = session.execute(
        select(Completion.enrolment_id, Completion.lesson, Completion.completed_at).where(
            among(session, Completion.enrolment_id, ids)
        )
    )
    for enrolment_id, lesson, completed_at in rows:
        found[enrolment_id][lesson] = completed_at
    return found


def _state(text: str) -> State:
    match text:
        case "pending" | "active" | "paused" | "finished" | "left" | "restarted":
            return text
    raise ValueError(f"{text!r} is no state of an enrolment")


def _pace(text: str) -> Pace:
    match text:
        case "daily" | "on-completion":
            return text
    raise ValueError(f"{text!r} is no pace")
