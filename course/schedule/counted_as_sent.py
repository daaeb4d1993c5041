"""What was due before a moment, counted as sent: a restored database does not know what went out without it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from course.bulk import among, insert_many, update_many
from course.models import Delivery, Enrolment
from course.publishing.editions import Published, Shelf
from course.schedule.deliveries import planned
from course.schedule.facts import Subject, due_subjects, gather
from course.schedule.forecast import had_all_before
from course.schedule.progress import Nudge, Send
from course.schedule.rhythm import local_date
from course.times import CourseTime, Times

WHY = "counted as sent without sending, since it was due before sending was let go on"
OPEN_STATES = ("queued", "sending", "uncertain", "postponed")


def count_waiting(session: Session, before: CourseTime) -> int:
    """Counts as sent each mail that waits, is under way or is in doubt, and was due before; how many."""
    done = session.execute(
        update(Delivery)
        .where(Delivery.state.in_(OPEN_STATES), Delivery.due_at < before)
        .values(state="accepted", accepted_at=Delivery.due_at, lease_until=None, why=WHY)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(done, "rowcount", 0))


def count_due(session: Session, shelf: Shelf, before: CourseTime, times: Times, most: int) -> tuple[int, int]:
    """Counts as sent the lessons and reminders that `most` learners at a time were due before, on each day; how
    many learners were looked at, and how many mails counted. To be called again until nobody is left to look at.
    """
    last = CourseTime(before - timedelta(microseconds=1))
    due = due_subjects(session, Times(last, times.real), most)
    by_course: defaultdict[int, list[Subject]] = defaultdict(list)
    for enrolment in due:
        by_course[enrolment.course_id].append(enrolment)
    counted = sum(
        _count_course(session, shelf.course(session, course), enrolments, before, times)
        for course, enrolments in by_course.items()
    )
    return len(due), counted


def _count_course(
    session: Session, published: Published, enrolments: Sequence[Subject], before: CourseTime, times: Times
) -> int:
    facts = gather(session, published, enrolments)
    ids = [enrolment.id for enrolment in enrolments]
    rows = session.execute(select(Enrolment.id, Enrolment.due_at).where(among(session, Enrolment.id, ids)))
    due_at = {id: moment for id, moment in rows if moment is not None}
    mails: list[dict[str, Any]] = []
    moments: list[dict[str, Any]] = []
    for enrolment in enrolments:
        had, then = had_all_before(facts[enrolment.id], due_at[enrolment.id], before)
        mails += [_as_sent(session, enrolment, mail, times) for mail in had]
        moments.append({"id": enrolment.id, **then.moments})
    insert_many(session, Delivery, mails)
    update_many(session, Enrolment, moments)
    return len(mails)


def _as_sent(session: Session, enrolment: Subject, mail: Send | Nudge, times: Times) -> dict[str, Any]:
    on = local_date(mail.at, enrolment.zone)
    counted = {"state": "accepted", "accepted_at": mail.at, "local_on": on, "why": WHY}
    return planned(session, enrolment, mail, times) | counted
