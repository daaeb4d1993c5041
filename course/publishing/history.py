"""Every publication of a course, what differs between two, and going back to one."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.changes import Changes, Difference, renamed_between
from course.errors import NotFound
from course.language.words import Phrase
from course.models import CourseRow, Document, Publication
from course.publishing.rename_lessons import rename_lessons
from course.publishing.versions import (
    again,
    contents_of,
    course_row,
    identity_of,
    in_force,
    one_at_a_time,
    put_in_force,
)
from course.staff.audit_log import Doer, log_deed
from course.times import CourseTime


def publications(session: Session, slug: str) -> Sequence[Publication]:
    """The newest, which is in force, first. Raises NotFound for a course that was never published."""
    row = course_row(session, slug)
    older = session.scalars(
        select(Publication)
        .where(Publication.course_id == row.id, Publication.version < row.version)
        .order_by(Publication.version.desc())
    )
    return [in_force(session, row), *older]


def difference(session: Session, slug: str, old: int, new: int) -> Difference:
    """Between two versions, in either order. Raises NotFound for one that is not in the history."""
    row = course_row(session, slug)
    return _difference(session, _version(session, row, old), _version(session, row, new))


def ahead_of_roll_back(session: Session, slug: str, version: int) -> Difference:
    """Compare what is in force with what going back to a version would bring."""
    return difference(session, slug, course_row(session, slug).version, version)


def put_back(session: Session, slug: str, version: int, now: CourseTime, doer: Doer) -> Changes:
    """Puts a version in force again, byte for byte, as a publication of its own.

    Learners under way keep their lessons. What was published since stays in the history, and readable for those
    whose edition has it.
    """
    one_at_a_time(session)
    row = course_row(session, slug)
    current, target = in_force(session, row), _version(session, row, version)
    between = _difference(session, current, target)
    if between.changes.nothing:
        return between.changes
    rename_lessons(session, row.id, between.renamed)
    _put_texts_back(session, target)
    session.add(current)
    put_in_force(session, row, again(target, now, doer, f"back to version {version}"))
    log_deed(session, doer, "rolled back", row.id, to=version, version=row.version)
    return between.changes


def _version(session: Session, row: CourseRow, version: int) -> Publication:
    if version == row.version:
        return in_force(session, row)
    found = session.scalar(
        select(Publication).where(Publication.course_id == row.id, Publication.version == version)
    )
    if found is None:
        raise NotFound(
            Phrase(
                "%(course)s has no version %(version)s; `dayletter history %(course)s` lists those there are.",
                {"course": row.slug, "version": version},
            )
        )
    return found


def _difference(session: Session, old: Publication, new: Publication) -> Difference:
    before, after = contents_of(session, old), contents_of(session, new)
    return Difference(before, after, renamed_between(before, after))


def _put_texts_back(session: Session, target: Publication) -> None:
    """Give each lesson its text of then; its name it has back already."""
    revisions = {identity_of(key): number for key, number in target.texts.items()}
    for document in session.scalars(select(Document).where(Document.course_id == target.course_id)):
        number = revisions.get((document.kind, document.slug))
        document.withdrawn = number is None
        document.revision_id = number or document.revision_id
