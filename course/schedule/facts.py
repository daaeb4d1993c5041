"""Gathers what `progress` decides by, for many enrolments in a few queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.bulk import among
from course.models import Completion, Delivery, Enrolment, Visit
from course.publishing.editions import Published
from course.schedule.progress import Facts, Pace, Posted, State
from course.schedule.rhythm import Rhythm, spread_of
from course.times import CourseTime

NEVER_CAME = ("failed", "cancelled")
"""The states of a mail that was given up, or stopped because nobody may be mailed there."""


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
    paused_until: datetime | None
    not_before: datetime | None


def due_subjects(session: Session, now: CourseTime, most: int) -> list[Subject]:
    """Those to be looked at, the longest due first, locked; what another process has locked is passed over."""
    columns = (getattr(Enrolment, field) for field in Subject._fields)
    due = select(*columns).where(Enrolment.due_at <= now).order_by(Enrolment.due_at).limit(most)
    return [Subject._make(row) for row in session.execute(due.with_for_update(skip_locked=True))]


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
    posted, nudged = _mails(session, ids)
    _had_otherwise(session, posted)
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
    completed: set[str],
    nudged: set[str],
) -> Facts:
    return Facts(
        lessons=published.editions[enrolment.edition_id],
        posted=posted,
        completed=frozenset(completed),
        rhythm=rhythm_of(enrolment),
        state=_state(enrolment.state),
        begun_at=begun_at(enrolment),
        start=published.course.start,
        pace=_pace(enrolment.pace),
        max_open=enrolment.max_open,
        paused_until=enrolment.paused_until,
        nudge_days=published.course.nudge,
        nudged=frozenset(nudged),
        not_before=enrolment.not_before,
    )


def _mails(
    session: Session, ids: Sequence[int]
) -> tuple[defaultdict[int, dict[str, Posted]], defaultdict[int, set[str]]]:
    """The lessons that went out, in order, and those after which a nudge did.

    For a lesson whose own mail could not be delivered stands the one that was asked for again: one that arrived,
    else the newest.
    """
    posted: defaultdict[int, dict[str, Posted]] = defaultdict(dict)
    nudged: defaultdict[int, set[str]] = defaultdict(set)
    again: dict[tuple[int, str], Posted] = {}
    rows = session.execute(
        select(
            Delivery.enrolment_id,
            Delivery.occasion,
            Delivery.kind,
            Delivery.slug,
            Delivery.local_on,
            Delivery.accepted_at,
            Delivery.state,
        )
        .where(among(session, Delivery.enrolment_id, ids), Delivery.kind.in_(("lesson", "nudge", "again")))
        .order_by(Delivery.due_at)
    )
    for enrolment_id, occasion, kind, slug, local_on, accepted_at, state in rows:
        if kind == "nudge":
            nudged[enrolment_id].add(occasion.removeprefix("nudge:"))
            continue
        mail = Posted(local_on, accepted_at, failed=state in NEVER_CAME)
        if kind == "lesson":
            posted[enrolment_id][slug] = mail
        elif (enrolment_id, slug) not in again or again[enrolment_id, slug].accepted_at is None:
            again[enrolment_id, slug] = mail
    for (enrolment_id, slug), copy in again.items():
        lesson = posted[enrolment_id].get(slug)
        if lesson is not None and lesson.failed:
            posted[enrolment_id][slug] = replace(lesson, failed=copy.failed, had_at=copy.accepted_at)
    return posted, nudged


def _had_otherwise(session: Session, posted: Mapping[int, dict[str, Posted]]) -> None:
    """Notes since when a learner has had each lesson whose mail failed: by opening or by completing it."""
    failed = {
        (enrolment_id, slug)
        for enrolment_id, mails in posted.items()
        for slug, mail in mails.items()
        if mail.failed and mail.had_at is None
    }
    if not failed:
        return
    ids = sorted({enrolment_id for enrolment_id, _ in failed})
    for table, at in ((Visit, Visit.visited_at), (Completion, Completion.completed_at)):
        rows = session.execute(
            select(table.enrolment_id, table.lesson, at).where(among(session, table.enrolment_id, ids))
        )
        for enrolment_id, slug, moment in rows:
            if (enrolment_id, slug) in failed:
                mail = posted[enrolment_id][slug]
                posted[enrolment_id][slug] = replace(mail, had_at=min(mail.had_at or moment, moment))


def _completed(session: Session, ids: Sequence[int]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    if not ids:
        return found
    rows = session.execute(
        select(Completion.enrolment_id, Completion.lesson).where(among(session, Completion.enrolment_id, ids))
    )
    for enrolment_id, lesson in rows:
        found[enrolment_id].add(lesson)
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
