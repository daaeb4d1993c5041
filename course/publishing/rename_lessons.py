"""A lesson gets another name, and all that learners have of it comes along."""

from collections.abc import Mapping

from sqlalchemy import case, delete, func, select, text, update
from sqlalchemy.orm import Session

from course.bulk import on_postgresql
from course.models import (
    Completion,
    CourseRow,
    Delivery,
    Document,
    Edition,
    Enrolment,
    Feedback,
    FormerSlug,
    Note,
    Tick,
    Visit,
    Watch,
)

OF_A_LESSON = (Tick, Completion, Visit, Watch, Note, Feedback)


def rename_lessons(session: Session, course_id: int, renamed: Mapping[str, str]) -> None:
    """`renamed` leads from new names, which have never been another lesson's, to those of now."""
    if renamed:
        _hold_still(session, course_id)
    for new, old in renamed.items():
        _rename(session, course_id, old, new)
    session.flush()


def _hold_still(session: Session, course_id: int) -> None:
    """Waits for all transactions that have read this course in order to write; none begins before ours ends.

    So nobody writes an old name after a rename. Nothing of a mail under way is written meanwhile either.
    """
    session.get_one(CourseRow, course_id, with_for_update=True)
    if on_postgresql(session):
        session.execute(text("LOCK TABLE delivery IN EXCLUSIVE MODE"))


def _rename(session: Session, course_id: int, old: str, new: str) -> None:
    document = session.scalars(
        select(Document).where(Document.course_id == course_id, Document.kind == "lesson", Document.slug == old)
    ).one()
    document.slug = new
    for edition in session.scalars(select(Edition).where(Edition.course_id == course_id)):
        edition.lessons = [new if slug == old else slug for slug in edition.lessons]
    _rename_rows(session, course_id, old, new)
    _lead_on(session, course_id, old, new)


def _rename_rows(session: Session, course_id: int, old: str, new: str) -> None:
    # `lesson:<slug>`, `nudge:<slug>`, `again:<slug>:1`
    named = Delivery.occasion.in_([f"lesson:{old}", f"nudge:{old}"]) | Delivery.occasion.startswith(
        f"again:{old}:"
    )
    rest = func.substr(Delivery.occasion, func.length(Delivery.kind) + len(old) + 2)
    session.execute(
        update(Delivery)
        .where(Delivery.course_id == course_id, named)
        .values(
            slug=case((Delivery.slug == old, new), else_=Delivery.slug),
            occasion=Delivery.kind + f":{new}" + rest,
        )
        .execution_options(synchronize_session=False)
    )
    enrolments = select(Enrolment.id).where(Enrolment.course_id == course_id)
    for table in OF_A_LESSON:
        of_course = table.enrolment_id.in_(enrolments)
        # A first visit is noted in a transaction of its own: one may have come late, under an earlier name.
        session.execute(delete(table).where(of_course, table.lesson == new))
        session.execute(
            update(table)
            .where(of_course, table.lesson == old)
            .values(lesson=new)
            .execution_options(synchronize_session=False)
        )


def _lead_on(session: Session, course_id: int, old: str, new: str) -> None:
    of_course = FormerSlug.course_id == course_id
    session.execute(delete(FormerSlug).where(of_course, FormerSlug.slug == new))
    session.execute(update(FormerSlug).where(of_course, FormerSlug.now == old).values(now=new))
    session.add(FormerSlug(course_id=course_id, slug=old, now=new))


def name_of_today(session: Session, enrolment_id: int, slug: str) -> str | None:
    """Return today's slug of the lesson that once had this one in an enrolment's course; None if none had."""
    return session.scalar(
        select(FormerSlug.now)
        .join(Enrolment, Enrolment.course_id == FormerSlug.course_id)
        .where(Enrolment.id == enrolment_id, FormerSlug.slug == slug)
    )
