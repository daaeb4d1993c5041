"""What each publication put in service: its row, and all it says as a value."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.bulk import among, on_postgresql
from course.content.changes import Contents, Identity, Text
from course.errors import NotFound
from course.language.words import Phrase
from course.models import CourseRow, Document, Edition, Publication, Revision
from course.publishing.editions import media_in_service
from course.staff.audit_log import Doer
from course.times import CourseTime

PUBLICATION_LOCK = 0x70756273


def one_at_a_time(session: Session) -> None:
    """Let one of two simultaneous publications wait for the other, as SQLite's BEGIN IMMEDIATE does already."""
    if on_postgresql(session):
        session.execute(select(func.pg_advisory_xact_lock(PUBLICATION_LOCK)))


def course_row(session: Session, slug: str) -> CourseRow:
    """Raises NotFound for a course that was never published."""
    row = session.scalar(select(CourseRow).where(CourseRow.slug == slug))
    if row is None:
        raise NotFound(
            Phrase(
                "There is no published course `%(course)s`. `dayletter publish %(course)s` publishes its draft.",
                {"course": slug},
            )
        )
    return row


def in_force(session: Session, row: CourseRow) -> Publication:
    """The newest publication; not stored yet for a course that was published before history was kept."""
    known = session.scalar(
        select(Publication).where(Publication.course_id == row.id, Publication.version == row.version)
    )
    return known or Publication(
        course_id=row.id,
        version=row.version,
        edition_id=row.edition_id,
        texts=texts_in_force(session, row.id),
        media=media_in_service(session, row),
        who="",
        why="as it was before its history was kept",
        published_at=row.published_at,
    )


def texts_in_force(session: Session, course_id: int) -> dict[str, int]:
    """The revision of each text that is not withdrawn, by `<kind>:<slug>`."""
    documents = session.scalars(
        select(Document).where(Document.course_id == course_id, ~Document.withdrawn).order_by(Document.id)
    )
    return {f"{document.kind}:{document.slug}": document.revision_id for document in documents}


def contents_of(session: Session, publication: Publication) -> Contents:
    """All that it put in service, by the names of that day."""
    texts = _texts(session, publication.texts)
    documents = session.scalars(select(Document).where(Document.course_id == publication.course_id))
    today = {document.id: document.slug for document in documents}
    names = {today[text.document]: slug for (kind, slug), text in texts.items() if kind == "lesson"}
    edition = session.get_one(Edition, publication.edition_id)
    return Contents(texts, tuple(names.get(slug, slug) for slug in edition.lessons), publication.media)


def _texts(session: Session, revision_ids: Mapping[str, int]) -> dict[Identity, Text]:
    revisions = {
        revision.id: revision
        for revision in session.scalars(
            select(Revision).where(among(session, Revision.id, list(revision_ids.values())))
        )
    }
    return {
        identity_of(key): Text(revisions[number].path, revisions[number].source, revisions[number].document_id)
        for key, number in revision_ids.items()
    }


def identity_of(key: str) -> Identity:
    kind, _, slug = key.partition(":")
    return kind, slug


def again(publication: Publication, now: CourseTime, doer: Doer, why: str) -> Publication:
    """Return a new publication with the contents of an earlier one."""
    return Publication(
        course_id=publication.course_id,
        edition_id=publication.edition_id,
        texts=publication.texts,
        media=publication.media,
        who=doer.who,
        why=doer.why or why,
        published_at=now,
    )


def put_in_force(session: Session, row: CourseRow, publication: Publication) -> None:
    """Stores it as the next version. `edition_id`, `texts` and `media` are its own."""
    row.version += 1
    row.edition_id = publication.edition_id
    row.published_at = publication.published_at
    publication.version = row.version
    session.add(publication)
    session.flush()
