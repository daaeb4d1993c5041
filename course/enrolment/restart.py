"""Taking a course once more: a new round, with the old one's record kept. The caller commits."""

from dataclasses import replace

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from course.content.mails import DATED_MAILS
from course.enrolment.enrolments import Participant, replan
from course.locks import lock_deliveries
from course.models import Completion, Delivery, Enrolment
from course.schedule.progress import UNDER_WAY
from course.times import CourseTime


def begin_again(session: Session, who: Participant, now: CourseTime) -> Enrolment:
    """A new round with the same settings, from the newest edition on; the same one if it has hardly begun.

    So restarting twice is restarting once. `who` is locked, and in the newest round.
    """
    enrolment = who.enrolment
    if enrolment.confirmed_at is None or _has_just_begun(session, enrolment):
        return enrolment
    fresh = Enrolment(
        learner_id=enrolment.learner_id,
        course_id=enrolment.course_id,
        edition_id=who.published.edition_id,
        round=enrolment.round + 1,
        generation=enrolment.generation,
        state="active",
        zone=enrolment.zone,
        hour=enrolment.hour,
        weekdays=enrolment.weekdays,
        pace=enrolment.pace,
        max_open=enrolment.max_open,
        tracking=enrolment.tracking,
        created_at=now,
        confirmed_at=now,
        counted=enrolment.counted,
    )
    session.add(fresh)
    _end(session, who, now)
    session.flush()
    replan(session, replace(who, enrolment=fresh), now)
    return fresh


def earlier_rounds(session: Session, enrolment: Enrolment) -> list[Enrolment]:
    """The rounds before this one, the latest first."""
    earlier = (
        Enrolment.learner_id == enrolment.learner_id,
        Enrolment.course_id == enrolment.course_id,
        Enrolment.round < enrolment.round,
    )
    return list(session.scalars(select(Enrolment).where(*earlier).order_by(Enrolment.round.desc())))


def _has_just_begun(session: Session, enrolment: Enrolment) -> bool:
    if enrolment.state not in UNDER_WAY:
        return False
    lessons = select(func.count()).where(Delivery.enrolment_id == enrolment.id, Delivery.kind == "lesson")
    done = select(func.count()).where(Completion.enrolment_id == enrolment.id)
    return (session.scalar(lessons) or 0) <= 1 and not session.scalar(done)


def _end(session: Session, who: Participant, now: CourseTime) -> None:
    """Nothing more is sent for it. Who has finished stays finished."""
    enrolment = who.enrolment
    if enrolment.state in (*UNDER_WAY, "left"):
        enrolment.state = "restarted"
    waiting = and_(
        Delivery.enrolment_id == enrolment.id,
        Delivery.state == "queued",
        Delivery.kind.in_(DATED_MAILS),
    )
    mails = lock_deliveries(session, waiting)
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(mails))
        .values(state="cancelled", why="the learner has begun the course again")
    )
    replan(session, who, now)
