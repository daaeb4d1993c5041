"""Learners by the million: rows made inside the database, by one statement a table."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Text, case, cast, func, insert, literal, select, text
from sqlalchemy.orm import Session

from course.bulk import on_postgresql
from course.db import UTCDateTime
from course.models import CourseRow, Enrolment, Learner
from mailer.runtime import Runtime

ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"),
    *("Africa/Cairo", "America/Sao_Paulo", "Asia/Tokyo", "Pacific/Auckland"),
)


def enrol(runtime: Runtime, count: int, *, due_in: timedelta = timedelta(0)) -> None:
    """Learners who are confirmed after that time, and whose first lesson is due at once then, with tracking, in
    eight zones."""
    with runtime.db.write() as session:
        last = session.scalar(select(func.max(Learner.id))) or 0
        without_checks(session)
        session.execute(
            insert(Learner).from_select(["email", "name", "created_at"], _people(runtime, last, count))
        )
        columns, enrolments = _enrolments(session, runtime, last, due_in)
        session.execute(insert(Enrolment).from_select(columns, enrolments))
    analyse(runtime)


def analyse(runtime: Runtime) -> None:
    """What PostgreSQL does by itself within a minute, and SQLite when it is told."""
    with runtime.db.write() as session:
        session.execute(text("ANALYZE"))


def _people(runtime: Runtime, last: int, count: int) -> Select[str, str, datetime]:
    numbers = select(literal(last + 1).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < last + count))
    number = cast(numbers.c.n, Text)
    moment = literal(runtime.clock.now() - timedelta(days=3), UTCDateTime())
    return select(literal("learner") + number + "@example.org", literal("Learner ") + number, moment)


def _enrolments(session: Session, runtime: Runtime, last: int, due_in: timedelta) -> tuple[list[str], Select[Any]]:
    course = session.scalars(select(CourseRow)).one()
    now = runtime.clock.now()
    begun = literal(now + due_in - timedelta(seconds=1), UTCDateTime())
    zone = case(*((Learner.id % len(ZONES) == at, zone) for at, zone in enumerate(ZONES)), else_="UTC")
    values = {
        "learner_id": Learner.id,
        "course_id": literal(course.id),
        "edition_id": literal(course.edition_id),
        "state": literal("active"),
        "zone": zone,
        "hour": Learner.id % 24,
        "tracking": literal(True),
        "created_at": literal(now - timedelta(days=2), UTCDateTime()),
        "confirmed_at": begun,
        "due_at": begun,
    }
    return list(values), select(*values.values()).where(Learner.id > last).order_by(Learner.id)


def without_checks(session: Session) -> None:
    """PostgreSQL would look up a million foreign keys that are right anyway."""
    if on_postgresql(session):
        session.execute(text("SET LOCAL session_replication_role = replica"))
