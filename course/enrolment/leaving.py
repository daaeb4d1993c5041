"""Leave a course and come back to it. Nothing here commits: the caller does."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import Session

from course.consent.acts import Shown
from course.consent.record import Said, record
from course.enrolment.enrolments import Participant, replan
from course.locks import lock_deliveries
from course.models import Delivery, Enrolment, Learner, Visit
from course.schedule.look_again import look_again
from course.schedule.posted import NEVER_CAME
from course.schedule.rhythm import local_date
from course.times import CourseTime, Times

ON_THE_PAGE = Shown("unsubscribe page")


def leave(session: Session, who: Participant, now: CourseTime, shown: Shown = ON_THE_PAGE) -> None:
    """No mail whose claim begins after this commit. Leaving twice is leaving once."""
    enrolment = who.enrolment
    if enrolment.state == "left":
        return
    enrolment.state = "left"
    enrolment.left_at = now
    record(session, enrolment, Said("mails", "withdrawn", shown, who.published.course.language, now))
    replan(session, who, now)


def come_back(session: Session, who: Participant, times: Times, shown: Shown = ON_THE_PAGE) -> None:
    """Undoes leaving: the plan goes on where it stopped, also with a lesson that leaving held back, at the
    learner's next moment."""
    enrolment = who.enrolment
    if enrolment.state != "left":
        return
    enrolment.state = _state_after_return(enrolment)
    enrolment.left_at = None
    enrolment.resumes_on = None
    record(session, enrolment, Said("mails", "given", shown, who.published.course.language, times.now))
    take_up_stopped(session, enrolment, times)
    replan(session, who, times.now)


def _state_after_return(enrolment: Enrolment) -> str:
    if enrolment.finished_at is not None:
        return "finished"
    return "active" if enrolment.confirmed_at is not None else "pending"


def go_on(session: Session, learner: Learner, times: Times) -> None:
    """Their address takes mail: each of their courses is looked at, and what was stopped is planned anew."""
    theirs = Enrolment.learner_id == learner.id
    active = session.scalars(select(Enrolment).where(theirs, Enrolment.state == "active")).all()
    lock_deliveries(session, _stopped(active))
    for enrolment in active:
        take_up_stopped(session, enrolment, times)
    look_again(session, theirs, times.now)


def take_up_stopped(session: Session, enrolment: Enrolment, times: Times, slug: str | None = None) -> None:
    """Has the lessons planned anew that were stopped on their way and not read on their page; or queues this one
    at once, read or not."""
    read = exists().where(Visit.enrolment_id == Delivery.enrolment_id, Visit.lesson == Delivery.slug)
    which = ~read if slug is None else Delivery.slug == slug
    stopped = lock_deliveries(session, and_(_stopped([enrolment]), which))
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(stopped))
        .values(
            state="postponed" if slug is None else "queued",
            retry_at=times.real,
            refusals=0,
            returns=0,
            rounds=0,
            refused_since=None,
            returned_since=None,
            doubted_since=None,
            due_at=times.now,
            local_on=local_date(times.now, enrolment.zone),
        )
    )


def _stopped(enrolments: Iterable[Enrolment]) -> ColumnElement[bool]:
    return and_(
        Delivery.enrolment_id.in_([enrolment.id for enrolment in enrolments]),
        Delivery.kind == "lesson",
        Delivery.state.in_(NEVER_CAME),
    )
