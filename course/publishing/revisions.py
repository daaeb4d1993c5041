"""What publishing adds: revisions of texts, media files, editions. None is ever removed."""

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.content.changes import Changes, Contents, Identity, Text
from course.models import Document, Edition, Media, Revision
from course.publishing.media_store import Kept
from course.times import CourseTime


def store_texts(session: Session, course_id: int, changes: Changes, new: Contents, now: CourseTime) -> None:
    documents = {
        (document.kind, document.slug): document
        for document in session.scalars(select(Document).where(Document.course_id == course_id))
    }
    # A renamed lesson gets a revision even where its words are the same: a revision tells the file's name.
    renamed = [("lesson", slug) for _, slug in changes.renamed]
    for identity in dict.fromkeys((*changes.added, *changes.corrected, *renamed)):
        document = documents.get(identity) or _new_document(session, course_id, identity)
        document.withdrawn = False
        document.revision_id = _store_revision(session, document.id, new.texts[identity], now)
    for identity in changes.withdrawn:
        documents[identity].withdrawn = True
    session.flush()


def _new_document(session: Session, course_id: int, identity: Identity) -> Document:
    kind, slug = identity
    document = Document(course_id=course_id, kind=kind, slug=slug, revision_id=0, withdrawn=False)
    session.add(document)
    session.flush()
    return document


def _store_revision(session: Session, document_id: int, written: Text, now: CourseTime) -> int:
    last = session.scalar(select(func.max(Revision.number)).where(Revision.document_id == document_id)) or 0
    revision = Revision(
        document_id=document_id,
        number=last + 1,
        path=written.path,
        digest=sha256(written.source.encode()).hexdigest(),
        source=written.source,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision.id


def store_media(session: Session, course_id: int, kept: Mapping[str, Kept]) -> None:
    known = {(m.path, m.digest) for m in session.scalars(select(Media).where(Media.course_id == course_id))}
    session.add_all(
        Media(course_id=course_id, path=path, digest=file.digest, size=file.size)
        for path, file in kept.items()
        if (path, file.digest) not in known
    )


def edition_with(session: Session, course_id: int, lessons: tuple[str, ...], now: CourseTime) -> int:
    """The edition of these lessons in this order: one that there was already, or a new one."""
    editions = session.scalars(
        select(Edition).where(Edition.course_id == course_id).order_by(Edition.number)
    ).all()
    for edition in editions:
        if tuple(edition.lessons) == lessons:
            return edition.id
    fresh = Edition(course_id=course_id, number=len(editions) + 1, lessons=list(lessons), created_at=now)
    session.add(fresh)
    session.flush()
    return fresh.id
