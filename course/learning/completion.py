"""Tick, untick, complete, finish: the learner's own deeds, on which progress rests."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from course.bulk import insert_into
from course.certificates.statement import NAMELESS
from course.content.course import Course, Lesson
from course.enrolment.enrolments import Participant, replan
from course.errors import NotFound
from course.ids import new_serial
from course.language.words import Phrase
from course.models import CertificateRow, Completion, Delivery, Enrolment, Tick, Visit
from course.schedule import deliveries
from course.schedule.deliveries import ServiceMail
from course.schedule.facts import begun_at
from course.schedule.progress import UNDER_WAY
from course.schedule.rhythm import local_date
from course.times import CourseTime, Times


def came(session: Session, enrolment: Enrolment, slug: str) -> bool:
    """Whether this lesson has gone out (or is going, or could not): only then is it the learner's to take."""
    state = session.scalar(
        select(Delivery.state).where(
            Delivery.enrolment_id == enrolment.id, Delivery.kind == "lesson", Delivery.slug == slug
        )
    )
    if state == "cancelled":
        return reads_stopped(enrolment)
    return state is not None and state not in ("queued", "postponed")


def reads_stopped(enrolment: Enrolment) -> bool:
    """Whether a lesson whose mail was stopped is there to read; not for who has left before it."""
    return enrolment.state in (*UNDER_WAY, "finished")


def tick(session: Session, enrolment: Enrolment, lesson: Lesson, item: str, now: CourseTime) -> None:
    """Twice is once. Raises NotFound for an item that was edited away."""
    _must_be_there(lesson, item)
    _insert_once(session, Tick, enrolment_id=enrolment.id, lesson=lesson.slug, item=item, ticked_at=now)


def untick(session: Session, enrolment: Enrolment, lesson: Lesson, item: str) -> None:
    """Takes a tick back, if there is one. Raises NotFound as `tick`."""
    _must_be_there(lesson, item)
    session.execute(
        delete(Tick).where(Tick.enrolment_id == enrolment.id, Tick.lesson == lesson.slug, Tick.item == item)
    )


def _must_be_there(lesson: Lesson, item: str) -> None:
    if item not in {known.key for known in lesson.items}:
        raise NotFound(
            Phrase("This item is no longer on the checklist. Reload the page to see the list as it is now.")
        )


def ticked(session: Session, enrolment: Enrolment) -> dict[str, set[str]]:
    """Keys of the ticked items by lesson."""
    found: dict[str, set[str]] = {}
    for row in session.scalars(select(Tick).where(Tick.enrolment_id == enrolment.id)):
        found.setdefault(row.lesson, set()).add(row.item)
    return found


def visited(session: Session, enrolment: Enrolment, slug: str) -> bool:
    return session.get(Visit, (enrolment.id, slug)) is not None


def visit(session: Session, enrolment: Enrolment, slug: str, now: CourseTime) -> None:
    """Notes the first look at a lesson's page."""
    _insert_once(session, Visit, enrolment_id=enrolment.id, lesson=slug, visited_at=now)


def visit_undelivered(session: Session, who: Participant, slug: str, now: CourseTime) -> None:
    """Notes the first look at a lesson whose mail failed: it has come now, and the course goes on. Locked."""
    visit(session, who.enrolment, slug, now)
    replan(session, who, now)


def complete(session: Session, who: Participant, slug: str, times: Times) -> None:
    """Marks a lesson complete, and the course finished with the last one. Twice is once."""
    enrolment = who.enrolment
    _insert_once(session, Completion, enrolment_id=enrolment.id, lesson=slug, completed_at=times.now)
    if enrolment.finished_at is None and _all_complete(session, enrolment, who.course):
        _finish(session, who, times)
    replan(session, who, times.now)


def uncomplete(session: Session, who: Participant, slug: str, now: CourseTime) -> None:
    """Takes a completion back. What was certified stays so: a certificate tells what once was done."""
    enrolment = who.enrolment
    session.execute(delete(Completion).where(Completion.enrolment_id == enrolment.id, Completion.lesson == slug))
    replan(session, who, now)


def completions(session: Session, enrolment: Enrolment) -> dict[str, datetime]:
    rows = session.scalars(select(Completion).where(Completion.enrolment_id == enrolment.id))
    return {row.lesson: row.completed_at for row in rows}


def certificate_of(session: Session, enrolment: Enrolment) -> CertificateRow | None:
    return session.scalar(select(CertificateRow).where(CertificateRow.enrolment_id == enrolment.id))


def _all_complete(session: Session, enrolment: Enrolment, course: Course) -> bool:
    return {lesson.slug for lesson in course.lessons} <= completions(session, enrolment).keys()


def _finish(session: Session, who: Participant, times: Times) -> None:
    enrolment, course = who.enrolment, who.course
    enrolment.finished_at = times.now
    session.add(
        CertificateRow(
            serial=new_serial(),
            enrolment_id=enrolment.id,
            name=who.learner.name or NAMELESS,
            course_title=course.title,
            lessons=len(course.lessons),
            minutes=sum(course.effort(lesson).minutes for lesson in course.lessons),
            began_on=local_date(begun_at(enrolment), enrolment.zone),
            issued_on=local_date(times.now, enrolment.zone),
        )
    )
    session.flush()
    if enrolment.state == "left":  # the certificate is theirs, a mail is not wanted
        return
    enrolment.state = "finished"
    deliveries.add(session, enrolment, ServiceMail("finished"), times)


def _insert_once(session: Session, table: type[Tick | Visit | Completion], **values: object) -> None:
    session.execute(insert_into(session, table).values(**values).on_conflict_do_nothing())
