"""Publishing: from the draft on disk to editions and revisions, and back to a `Course`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.content import Course, Lesson, Problem
from course.errors import DayletterError, NotFound
from course.library import Folder
from course.media import Kept, keep
from course.models import CourseRow, Document, Edition, Media, Revision
from course.parse import ARTICLE_PATH, LESSON_PATH, MAIL_PATH, Parsed, parse_course, parse_lesson

PUBLICATION_LOCK = 0x70756273

Identity = tuple[str, str]
"""A document's kind and slug."""


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


@dataclass(frozen=True, slots=True)
class Published:
    """A published course as one value: `course` is the newest edition, `edition(id)` an enrolment's own."""

    id: int
    version: int
    edition_id: int
    course: Course
    lessons: Mapping[str, Lesson]
    editions: Mapping[int, tuple[str, ...]]
    revisions: Mapping[Identity, int]
    media: Mapping[str, str]

    def edition(self, edition_id: int) -> Course:
        """The course with the lessons of that edition, in its order, in their newest words."""
        return replace(self.course, lessons=tuple(self.lessons[slug] for slug in self.editions[edition_id]))

    def revision_of(self, kind: str, slug: str) -> int:
        """The revision a mail is made from; mails without own wording go by the course page's."""
        if kind == "lesson":
            return self.revisions[("lesson", slug)]
        return self.revisions.get(("mail", kind), self.revisions[("course", "course")])


def check(folder: Folder) -> Parsed:
    """The draft parsed, with the problems of reading it among the others."""
    parsed = parse_course(folder.slug, folder.texts, folder.media.keys())
    return Parsed(parsed.course, tuple(sorted({*folder.problems, *parsed.problems})))


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


class Shelf:
    """Published courses, parsed once per version and process."""

    def __init__(self) -> None:
        self._parsed: dict[int, Published] = {}

    def course(self, session: Session, course_id: int) -> Published:
        """Raises NotFound for a course that was never published."""
        row = session.get(CourseRow, course_id)
        if row is None:
            raise NotFound("This course does not exist.")
        return self._of(session, row)

    def by_slug(self, session: Session, slug: str) -> Published:
        row = session.scalar(select(CourseRow).where(CourseRow.slug == slug))
        if row is None:
            raise NotFound("This course does not exist, or has not been published yet.")
        return self._of(session, row)

    def all(self, session: Session) -> list[Published]:
        return [self._of(session, row) for row in session.scalars(select(CourseRow).order_by(CourseRow.slug))]

    def _of(self, session: Session, row: CourseRow) -> Published:
        known = self._parsed.get(row.id)
        if known is None or known.version != row.version:
            known = self._parsed[row.id] = load(session, row)
        return known


def load(session: Session, row: CourseRow) -> Published:
    """A published course from its rows; withdrawn lessons stay readable for the editions that hold them."""
    documents = session.execute(
        select(Document, Revision)
        .join(Revision, Revision.id == Document.revision_id)
        .where(Document.course_id == row.id)
    ).all()
    media = {m.path: m.digest for m in session.scalars(select(Media).where(Media.course_id == row.id))}
    # A withdrawn lesson of an older edition may still link to a withdrawn article.
    texts = {r.path: r.source for document, r in documents if not document.withdrawn or document.kind == "article"}
    # What was published stays in service, even where today's rules are stricter than those of its day.
    course = parse_course(row.slug, texts, media.keys()).course
    lessons = {d.slug: parse_lesson(r.path, r.source)[0] for d, r in documents if d.kind == "lesson"}
    editions = {
        edition.id: tuple(edition.lessons)
        for edition in session.scalars(select(Edition).where(Edition.course_id == row.id))
    }
    return Published(
        id=row.id,
        version=row.version,
        edition_id=row.edition_id,
        course=replace(course, lessons=tuple(lessons[slug] for slug in editions[row.edition_id])),
        lessons=lessons,
        editions=editions,
        # Without an author's wording a mail is made from the course page's revision again.
        revisions={(d.kind, d.slug): r.id for d, r in documents if not (d.kind == "mail" and d.withdrawn)},
        media=media,
    )


def lesson_of_revision(session: Session, revision_id: int) -> Lesson:
    """The lesson in the words of an older revision: what was claimed once is sent again unchanged."""
    revision = session.get_one(Revision, revision_id)
    return parse_lesson(revision.path, revision.source)[0]
