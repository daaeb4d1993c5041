"""Published courses as values: what pages and workers read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from course.content.changes import Identity
from course.content.course import Course, Lesson
from course.content.mails import LESSON_MAILS
from course.content.parse import parse_course, parse_lesson
from course.errors import NotFound
from course.language.words import Phrase
from course.media.mail_copies import shown_in_mails
from course.media.paths import find
from course.models import CourseRow, Document, Edition, FormerSlug, Media, Publication, Revision

GRACE = timedelta(hours=2)
"""So late a lesson may leave and still be that day's, unless a setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Published:
    """A published course as one value: `course` is the newest edition, `edition(id)` an enrolment's own.

    `former` leads from the earlier slugs of renamed lessons to today's. `grace` is how late a lesson may leave and
    still be that day's, in course time.
    """

    id: int
    version: int
    edition_id: int
    course: Course
    lessons: Mapping[str, Lesson]
    editions: Mapping[int, tuple[str, ...]]
    revisions: Mapping[Identity, int]
    media: Mapping[str, str]
    former: Mapping[str, str]
    grace: timedelta

    def edition(self, edition_id: int) -> Course:
        """The course with the lessons of that edition, in its order, in their newest words."""
        return replace(self.course, lessons=tuple(self.lessons[slug] for slug in self.editions[edition_id]))

    def digest_of(self, path: str) -> str:
        """The digest of a media file in service; `missing`, which is no file's, where there is none."""
        found = find(path, self.media)
        return self.media[found] if found else "missing"

    def shown_in_mails(self, path: str) -> str:
        """The picture that mails show for one, which may be a copy in another kind."""
        return shown_in_mails(path, self.media)

    def revision_of(self, kind: str, slug: str) -> int:
        """The revision a mail is made from; mails without own wording go by the course page's."""
        if kind in LESSON_MAILS:
            return self.revisions[("lesson", slug)]
        return self.revisions.get(("mail", kind), self.revisions[("course", "course")])


class Shelf:
    """Published courses, parsed once per version and process."""

    def __init__(self, grace: timedelta = GRACE) -> None:
        self._grace = grace
        self._parsed: dict[int, Published] = {}

    def course(self, session: Session, course_id: int) -> Published:
        """Raises NotFound for a course that was never published.

        In a transaction that writes, no lesson is renamed from here to its end: slugs that are written stay true.
        """
        return self._found(session, CourseRow.id == course_id)

    def by_slug(self, session: Session, slug: str) -> Published:
        """Return the published course with this slug. Raises NotFound."""
        return self._found(session, CourseRow.slug == slug)

    def _found(self, session: Session, wanted: ColumnElement[bool]) -> Published:
        looked_for = select(CourseRow).where(wanted)
        if session.get_bind().get_execution_options().get("writes", False):
            looked_for = looked_for.with_for_update(read=True, key_share=True)
        row = session.scalar(looked_for.execution_options(populate_existing=True))
        if row is None:
            raise NotFound(Phrase("This course does not exist, or has not been published yet."))
        return self._of(session, row)

    def all(self, session: Session) -> list[Published]:
        return [self._of(session, row) for row in session.scalars(select(CourseRow).order_by(CourseRow.slug))]

    def _of(self, session: Session, row: CourseRow) -> Published:
        known = self._parsed.get(row.id)
        if known is None or known.version != row.version:
            known = self._parsed[row.id] = load(session, row, self._grace)
        return known


def load(session: Session, row: CourseRow, grace: timedelta = GRACE) -> Published:
    """A published course from its rows; withdrawn lessons stay readable for the editions that hold them."""
    documents = session.execute(
        select(Document, Revision)
        .join(Revision, Revision.id == Document.revision_id)
        .where(Document.course_id == row.id)
    ).all()
    media = media_in_service(session, row)
    # A withdrawn lesson of an older edition may still link to a withdrawn article.
    texts = {r.path: r.source for document, r in documents if not document.withdrawn or document.kind == "article"}
    # What was published stays in service, even where today's rules are stricter than those of its day.
    course = parse_course(row.slug, texts).course
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
        former=former_slugs(session, row.id),
        grace=grace,
    )


def media_in_service(session: Session, row: CourseRow) -> dict[str, str]:
    """Digests by path, as last published. Of files that only older editions show, the newest of each path."""
    files = session.scalars(select(Media).where(Media.course_id == row.id).order_by(Media.id))
    published = session.scalar(
        select(Publication.media).where(Publication.course_id == row.id, Publication.version == row.version)
    )
    return {file.path: file.digest for file in files} | (published or {})


def former_slugs(session: Session, course_id: int) -> dict[str, str]:
    rows = session.execute(select(FormerSlug.slug, FormerSlug.now).where(FormerSlug.course_id == course_id))
    return dict(rows.all())


def lesson_of_revision(session: Session, revision_id: int, slug: str) -> Lesson:
    """Return a lesson under today's slug with the text of an older revision: what was claimed once is sent again
    unchanged."""
    revision = session.get_one(Revision, revision_id)
    return replace(parse_lesson(revision.path, revision.source)[0], slug=slug)
