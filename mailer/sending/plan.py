"""The planning step: due enrolments become deliveries, and every queued row becomes a job again.

All work is derived from rows each time, so an emptied Redis, a lost job or a dead clock process costs seconds.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import case, exists, func, not_, select
from sqlalchemy.orm import Session

from course.bulk import update_many
from course.errors import NotFound
from course.models import Delivery, Enrolment
from course.publishing.editions import Published
from course.schedule.deliveries import planned
from course.schedule.facts import IS_DUE, REAL, Subject, due_subjects, gather
from course.schedule.forecast import look
from course.schedule.late import is_late, post, postpone
from course.schedule.progress import Facts
from course.set_aside import AsideKind, forget, left_alone
from course.times import CourseTime, Times
from mailer.runtime import Runtime
from mailer.sending.claim import may_go
from mailer.sending.clock_jumps import real_time
from mailer.sending.continuity import hold_if_changed
from mailer.sending.patience.hold import allowed, trials_so_far
from mailer.sending.patience.isolation import PASSING, set_aside
from mailer.sending.patience.turn import FIRST_THE_EARLIEST, waits_for
from mailer.sending.sweep import sweep

BATCH = 1000
MOST_ALONE = 20
"""So many of a course may fail one by one at a step; after that it is the course that fails."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The counts of one planning step: enrolments looked at, deliveries made, jobs enqueued."""

    looked_at: int = 0
    made: int = 0
    enqueued: int = 0


def planning_step(runtime: Runtime) -> Planned:
    """One planning step. Any number may run at once: rows are locked, occasions are unique.

    What is due comes first: settling what went wrong earlier may take its time.
    """
    real = real_time(runtime)
    with runtime.db.read() as session:
        work = _look(session, runtime.clock.times())
    # A plan would give what another machine has sent meanwhile the dates of today. And an emptied Redis is told
    # again how far this database is, before a worker elsewhere asks it.
    if (work.due or work.queued) and hold_if_changed(runtime, runtime.clock.real()):
        return Planned()
    looked_at, made, enqueued = 0, 0, 0
    more = work.due
    while more:
        portion = runtime.db.transact(partial(_plan_due, runtime, runtime.clock.times()))
        looked_at, made = looked_at + portion.looked_at, made + portion.made
        enqueued += portion.batches
        more = portion.looked_at == BATCH
    if work.queued:
        enqueued += _enqueue(runtime)
    if real is not None and (work.sending or work.uncertain):
        sweep(runtime, real)
        enqueued += _enqueue(runtime)
    return Planned(looked_at, made, enqueued)


@dataclass(frozen=True, slots=True)
class _Work:
    """Whether there is anything to do, of each kind."""

    due: bool
    queued: bool
    sending: bool
    uncertain: bool


WHAT_THERE_IS = select(
    exists().where(IS_DUE),
    exists().where(Delivery.state == "queued", Delivery.retry_at <= REAL),
    exists().where(Delivery.state == "sending"),
    exists().where(Delivery.state == "uncertain"),
)
"""One question, answered by small indexes: a step with nothing to do costs next to nothing."""


def _look(session: Session, times: Times) -> _Work:
    return _Work(*session.execute(WHAT_THERE_IS, {"now": times.now, "real": times.real}).one())


@dataclass(frozen=True, slots=True)
class _Portion:
    looked_at: int
    made: int
    batches: int


def _plan_due(runtime: Runtime, times: Times, session: Session) -> _Portion:
    due = due_subjects(session, times, BATCH)
    by_course: defaultdict[int, list[Subject]] = defaultdict(list)
    for enrolment in due:
        by_course[enrolment.course_id].append(enrolment)
    made: list[dict[str, Any]] = []
    for course_id, enrolments in by_course.items():
        made += _plan_isolated(runtime, session, course_id, enrolments, times)
    forget(session, "course", [str(course_id) for course_id in by_course], since=times.real)
    forget(session, "enrolment", [str(enrolment.id) for enrolment in due], since=times.real)
    return _Portion(len(due), len(made), len({delivery["batch"] for delivery in made}))


def _plan_isolated(
    runtime: Runtime, session: Session, course_id: int, due: Sequence[Subject], times: Times
) -> list[dict[str, Any]]:
    """All of a course together; where that fails, in halves, until what fails is alone and is set aside.

    After a few of them it is the course that is set aside.
    """
    made: list[dict[str, Any]] = []
    groups, few = [due], MOST_ALONE
    while groups:
        group = groups.pop()
        try:
            with session.begin_nested():
                made += _plan_course(session, runtime.shelf.course(session, course_id), group, times)
        except PASSING:
            raise
        # Whatever one enrolment or course fails for stops nobody else; its reason is kept.
        except Exception as problem:
            if len(group) > 1 and not isinstance(problem, NotFound):
                groups += [group[: len(group) // 2], group[len(group) // 2 :]]
                continue
            few -= 1
            alone = few >= 0 and len(group) == 1
            kind: AsideKind = "enrolment" if alone else "course"
            key = group[0].id if alone else course_id
            set_aside(session, kind, str(key), problem, times.real)
            if kind == "course":
                break
    return made


def _plan_course(
    session: Session, published: Published, enrolments: Sequence[Subject], times: Times
) -> list[dict[str, Any]]:
    facts = gather(session, published, enrolments)
    deliveries: list[dict[str, Any]] = []
    moments: list[dict[str, Any]] = []
    for enrolment in enrolments:
        own = facts[enrolment.id]
        found = look(own, times.now)
        if found.mail is not None:
            deliveries.append(planned(session, enrolment, found.mail, times))
        state = _state_after(enrolment.state, own, times.now)
        moments.append({"id": enrolment.id, "state": state, **found.moments})
    post(session, deliveries)
    update_many(session, Enrolment, moments)
    return deliveries


def _state_after(state: str, facts: Facts, now: CourseTime) -> str:
    """A pause until a date ends by itself."""
    over = state == "paused" and facts.resumes_at is not None and facts.resumes_at <= now
    return "active" if over else state


def _enqueue(runtime: Runtime) -> int:
    """Jobs for the batches that have queued rows and are not in the queue. What is late is postponed first."""
    times, grace = runtime.clock.times(), runtime.settings.grace
    with runtime.db.read() as session:
        wanted, late = _queued_batches(session, times, grace)
    for batch in late:
        runtime.db.transact(partial(postpone, batch=batch, times=times, grace=grace))
    if not wanted:
        return 0
    waiting = runtime.queue.waiting()
    if waiting is None:
        return 0
    missing = [batch for batch in wanted if batch not in waiting]
    return len(missing) if missing and runtime.queue.hurry(missing) else 0


def _queued_batches(session: Session, times: Times, grace: timedelta) -> tuple[Sequence[str], Sequence[str]]:
    """All of them, in their order, and those with late mails, whether or not sending is on hold."""
    late = func.max(case((is_late(times.now, grace), 1), else_=0)).label("late")
    free = not_(left_alone("batch", Delivery.batch, times.real))
    ready = select(Delivery.batch, late).where(may_go(times), free).group_by(Delivery.batch)
    found = session.execute(ready.order_by(*FIRST_THE_EARLIEST)).all()
    batches, most = [row.batch for row in found], allowed(session, times.real)
    if most is not None:
        batches = _of_trial(session, batches, times) if most else []
    return batches, [row.batch for row in found if row.late]


def _of_trial(session: Session, batches: Sequence[str], times: Times) -> list[str]:
    """One, and another each time, since what all mails of a batch have in common may be what is refused."""
    # One that only waits for others would be tried again and again.
    ready = may_go(times), waits_for(times.real).is_(None)
    able = set(session.scalars(select(Delivery.batch).where(*ready).distinct()))
    able &= set(batches)
    return [sorted(able)[trials_so_far(session) % len(able)]] if able else []
