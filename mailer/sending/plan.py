"""The planning step: due enrolments become deliveries, and every queued row becomes a job again.

All work is derived from rows each time, so an emptied Redis, a lost job or a dead clock process costs seconds.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from course.bulk import insert_many, update_many
from course.ids import new_id
from course.models import Delivery, Enrolment, Hold
from course.publishing.editions import Published
from course.schedule.deliveries import planned
from course.schedule.facts import Subject, due_subjects, gather
from course.schedule.forecast import look
from course.schedule.progress import Facts, Nudge, Send
from mailer.runtime import Runtime
from mailer.sending.claim import may_go
from mailer.sending.clock_jumps import real_time
from mailer.sending.sweep import sweep

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Planned:
    """What one step did: enrolments looked at, deliveries made, jobs enqueued."""

    looked_at: int = 0
    made: int = 0
    enqueued: int = 0


def planning_step(runtime: Runtime) -> Planned:
    """One planning step. Any number may run at once: rows are locked, occasions are unique."""
    real = real_time(runtime)
    with runtime.db.read() as session:
        work = _look(session, runtime.clock.now(), runtime.clock.real())
    if real is not None and (work.sending or work.uncertain):
        sweep(runtime, real)
    looked_at, made, enqueued = 0, 0, 0
    more = work.due
    while more:
        with runtime.db.write() as session:
            portion = _plan_due(runtime, session, runtime.clock.now(), runtime.clock.real())
        runtime.queue.hurry(portion.batches)
        looked_at, made = looked_at + portion.looked_at, made + portion.made
        enqueued += len(portion.batches)
        more = portion.looked_at == BATCH
    if work.queued or work.sending or work.uncertain:
        enqueued += _enqueue(runtime)
    return Planned(looked_at, made, enqueued)


@dataclass(frozen=True, slots=True)
class _Work:
    """Whether there is anything to do, of each kind."""

    due: bool
    queued: bool
    sending: bool
    uncertain: bool


def _look(session: Session, now: datetime, real: datetime) -> _Work:
    """One question, answered by small indexes: a step with nothing to do costs next to nothing."""
    questions = (
        exists().where(Enrolment.due_at <= now),
        exists().where(Delivery.state == "queued", Delivery.retry_at <= real),
        exists().where(Delivery.state == "sending"),
        exists().where(Delivery.state == "uncertain"),
    )
    return _Work(*session.execute(select(*questions)).one())


@dataclass(frozen=True, slots=True)
class _Portion:
    looked_at: int
    made: int
    batches: list[str]


def _plan_due(runtime: Runtime, session: Session, now: datetime, real: datetime) -> _Portion:
    due = due_subjects(session, now, BATCH)
    by_course: defaultdict[int, list[Subject]] = defaultdict(list)
    for enrolment in due:
        by_course[enrolment.course_id].append(enrolment)
    made: list[dict[str, Any]] = []
    for course_id, enrolments in by_course.items():
        published = runtime.shelf.course(session, course_id)
        made += _plan_course(session, published, enrolments, now, real)
    return _Portion(len(due), len(made), sorted({delivery["batch"] for delivery in made}))


def _plan_course(
    session: Session, published: Published, enrolments: Sequence[Subject], now: datetime, real: datetime
) -> list[dict[str, Any]]:
    facts = gather(session, published, enrolments)
    deliveries: list[dict[str, Any]] = []
    moments: list[dict[str, Any]] = []
    batches: defaultdict[tuple[object, ...], str] = defaultdict(new_id)
    for enrolment in enrolments:
        own = facts[enrolment.id]
        found = look(own, now)
        if found.mail is not None:
            batch = batches[_alike(enrolment, found.mail)]
            deliveries.append(planned(enrolment, found.mail, batch, now, real))
        state = _state_after(enrolment.state, own, now)
        moments.append({"id": enrolment.id, "due_at": found.again_at, "held": found.held, "state": state})
    insert_many(session, Delivery, deliveries)
    update_many(session, Enrolment, moments)
    return deliveries


def _alike(enrolment: Subject, mail: Send | Nudge) -> tuple[object, ...]:
    """Mails that say the same go in one batch."""
    lesson = mail.lesson if isinstance(mail, Send) else None
    return enrolment.edition_id, lesson, enrolment.tracking


def _state_after(state: str, facts: Facts, now: datetime) -> str:
    """A pause until a date ends by itself."""
    over = state == "paused" and facts.paused_until is not None and facts.paused_until <= now
    return "active" if over else state


def _enqueue(runtime: Runtime) -> int:
    """Jobs for the batches that have queued rows and are not in the queue."""
    with runtime.db.read() as session:
        wanted = _queued_batches(session, runtime.clock.now(), runtime.clock.real())
    if not wanted:
        return 0
    waiting = runtime.queue.waiting()
    if waiting is None:
        return 0
    missing = [batch for batch in wanted if batch not in waiting]
    return len(missing) if missing and runtime.queue.hurry(missing) else 0


def _queued_batches(session: Session, now: datetime, real: datetime) -> Iterable[str]:
    if session.scalar(select(Hold.id)) is not None:
        return ()
    return session.scalars(select(Delivery.batch).where(may_go(now, real)).distinct()).all()
