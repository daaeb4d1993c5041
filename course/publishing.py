"""Publishing: from the draft on disk to editions and revisions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.content import Course, Problem
from course.draft import check
from course.editions import Identity
from course.errors import DayletterError
from course.library import Folder
from course.media import Kept, keep
from course.models import CourseRow, Document, Edition, Media, Revision
from course.parse import ARTICLE_PATH, LESSON_PATH, MAIL_PATH

PUBLICATION_LOCK = 0x70756273


class Unpublishable(DayletterError):
    """The draft has errors; the published edition stays in service."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Changes:
    """What publishing a draft would do. `new_edition` if the lessons or their order differ."""

    added: tuple[Identity, ...]
    corrected: tuple[Identity, ...]
    withdrawn: tuple[Identity, ...]
    media: tuple[str, ...]
    new_edition: bool

    @property
    def nothing(self) -> bool:
        return not (self.added or self.corrected or self.withdrawn or self.media or self.new_edition)


def changes(session: Session, folder: Folder, kept: Mapping[str, Kept]) -> Changes:
    """What publishing would change. Raises Unpublishable if the draft has errors."""
    lessons = _lesson_order(_checked(folder))
    row = session.scalar(select(CourseRow).where(CourseRow.slug == folder.slug))
    if row is None:
        return Changes(tuple(_identities(folder)), (), (), tuple(kept), True)
    present = {
        (document.kind, document.slug): (revision.digest, document.withdrawn)
        for document, revision in session.execute(
            select(Document, Revision)
            .join(Revision, Revision.id == Document.revision_id)
            .where(Document.course_id == row.id)
        )
    }
    media = {m.path: m.digest for m in session.scalars(select(Media).where(Media.course_id == row.id))}
    draft = {identity: _digest(folder.texts[path]) for identity, path in _identities(folder).items()}
    edition = session.get_one(Edition, row.edition_id)
    return Changes(
        added=tuple(i for i in draft if i not in present or present[i][1]),
        corrected=tuple(i for i in draft if i in present and not present[i][1] and present[i][0] != draft[i]),
        withdrawn=tuple(i for i, (_, withdrawn) in present.items() if i not in draft and not withdrawn),
        media=tuple(sorted(path for path, file in kept.items() if file.digest != media.get(path))),
        new_edition=list(edition.lessons) != lessons,
    )


def keep_media(folder: Folder, var_dir: Path) -> dict[str, Kept]:
    """Copies the draft's media beside the published ones; harmless if publishing does not follow."""
    return {path: keep(var_dir, file) for path, file in folder.media.items()}


def publish(session: Session, folder: Folder, kept: Mapping[str, Kept], now: datetime) -> Changes:
    """Stores what changed; the same draft again stores nothing. Raises Unpublishable if it has errors."""
    if session.get_bind().dialect.name == "postgresql":
        # Of two publications at once one waits; SQLite's BEGIN IMMEDIATE has the same effect.
        session.execute(select(func.pg_advisory_xact_lock(PUBLICATION_LOCK)))
    planned = changes(session, folder, kept)
    if planned.nothing:
        return planned
    row = session.scalar(select(CourseRow).where(CourseRow.slug == folder.slug))
    if row is None:
        row = CourseRow(slug=folder.slug, version=0, edition_id=0, published_at=now)
        session.add(row)
        session.flush()
    _store_documents(session, row.id, folder, planned, now)
    _store_media(session, row.id, kept)
    if planned.new_edition:
        row.edition_id = _store_edition(session, row.id, _lesson_order(_checked(folder)), now)
    row.version += 1
    row.published_at = now
    session.flush()
    return planned


def _checked(folder: Folder) -> Course:
    parsed = check(folder)
    if parsed.errors:
        raise Unpublishable(parsed.errors)
    return parsed.course


def _lesson_order(course: Course) -> list[str]:
    return [lesson.slug for lesson in course.lessons]


def _identities(folder: Folder) -> dict[Identity, str]:
    named = ((_identity(path), path) for path in folder.texts)
    return {identity: path for identity, path in named if identity is not None}


def _identity(path: str) -> Identity | None:
    if path == "course.md":
        return ("course", "course")
    if found := LESSON_PATH.fullmatch(path):
        return ("lesson", found[2])
    if found := ARTICLE_PATH.fullmatch(path):
        return ("article", found[1])
    if found := MAIL_PATH.fullmatch(path):
        return ("mail", found[1])
    return None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _store_documents(session: Session, course_id: int, folder: Folder, planned: Changes, now: datetime) -> None:
    paths = _identities(folder)
    for kind, slug in (*planned.added, *planned.corrected):
        document = session.scalar(
            select(Document).where(Document.course_id == course_id, Document.kind == kind, Document.slug == slug)
        )
        if document is None:
            document = Document(course_id=course_id, kind=kind, slug=slug, revision_id=0, withdrawn=False)
            session.add(document)
            session.flush()
        document.withdrawn = False
        document.revision_id = _store_revision(session, document.id, paths[(kind, slug)], folder, now)
    for kind, slug in planned.withdrawn:
        session.scalars(
            select(Document).where(Document.course_id == course_id, Document.kind == kind, Document.slug == slug)
        ).one().withdrawn = True


def _store_revision(session: Session, document_id: int, path: str, folder: Folder, now: datetime) -> int:
    last = session.scalar(select(func.max(Revision.number)).where(Revision.document_id == document_id)) or 0
    source = folder.texts[path]
    revision = Revision(
        document_id=document_id,
        number=last + 1,
        path=path,
        digest=_digest(source),
        source=source,
        created_at=now,
    )
    session.add(revision)
    session.flush()
    return revision.id


def _store_media(session: Session, course_id: int, kept: Mapping[str, Kept]) -> None:
    """Files that left the folder stay published: older editions, and mails long sent, show them."""
    present = {m.path: m for m in session.scalars(select(Media).where(Media.course_id == course_id))}
    for path, media in kept.items():
        if path in present:
            present[path].digest, present[path].size = media.digest, media.size
        else:
            session.add(Media(course_id=course_id, path=path, digest=media.digest, size=media.size))


def _store_edition(session: Session, course_id: int, lessons: list[str], now: datetime) -> int:
    last = session.scalar(select(func.max(Edition.number)).where(Edition.course_id == course_id)) or 0
    edition = Edition(course_id=course_id, number=last + 1, lessons=lessons, created_at=now)
    session.add(edition)
    session.flush()
    return edition.id
