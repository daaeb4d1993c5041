"""Publishing: from the draft on disk to revisions and an edition, with all of it kept as history."""

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.changes import NOTHING_YET, Changes, Contents, Difference, Identity, Text
from course.content.course import Course
from course.content.lesson_identity import Names, renames
from course.content.parse import ARTICLE_PATH, LESSON_PATH, MAIL_PATH, Parsed
from course.content.problems import Problem
from course.drafts.check import check_files
from course.drafts.folder import Folder
from course.errors import DayletterError
from course.language.words import Phrase
from course.media.mail_copies import copy_of
from course.models import CourseRow, Document, Publication
from course.publishing.editions import former_slugs
from course.publishing.media_store import Kept, keep_copy, keep_file
from course.publishing.rename_lessons import rename_lessons
from course.publishing.revisions import edition_with, store_media, store_texts
from course.publishing.versions import contents_of, in_force, one_at_a_time, put_in_force, texts_in_force
from course.staff.audit_log import Doer, log_deed
from course.times import CourseTime


class Unpublishable(DayletterError):
    """The draft has errors; the published edition stays in service."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


def propose(session: Session, folder: Folder, parsed: Parsed, kept: Mapping[str, Kept]) -> Difference:
    """Compare what is in force with what publishing a folder would bring, as it was `parsed` and checked. Raises
    Unpublishable if the draft has errors."""
    if parsed.errors:
        raise Unpublishable(parsed.errors)
    row = _course_row(session, folder.slug)
    renamed, problems = renames(parsed.course.lessons, _paths(folder), _names(session, row))
    if problems:
        raise Unpublishable(problems)
    return Difference(
        old=contents_of(session, in_force(session, row)) if row else NOTHING_YET,
        new=_drafted(folder, parsed.course, kept),
        renamed=renamed,
    )


def names_of(session: Session, slug: str) -> Names:
    """Those that the lessons of a course have and had; none if it was never published."""
    return _names(session, _course_row(session, slug))


def keep_media(folder: Folder, var_dir: Path) -> dict[str, Kept]:
    """Copies the draft's media beside the published ones, with the copies of pictures that mails show; harmless if
    publishing does not follow."""
    kept: dict[str, Kept] = {}
    for path, file in folder.media.items():
        copy = copy_of(path)
        try:
            kept[path] = keep_file(var_dir, file)
            if copy and copy not in folder.media and (made := keep_copy(var_dir, file)):
                kept[copy] = made
        except OSError as problem:
            raise DayletterError(
                Phrase(
                    "`%(file)s` could not be kept under %(folder)s: %(reason)s. Nothing was published, and what is"
                    " in service stays as it is. Make room there, and publish again.",
                    {"file": path, "folder": var_dir, "reason": problem.strerror},
                )
            ) from problem
    return kept


def publish_folder(
    session: Session, folder: Folder, kept: Mapping[str, Kept], now: CourseTime, doer: Doer
) -> Changes:
    """Stores what changed; the same draft again stores nothing. Raises Unpublishable if it has errors.

    Learners under way keep their lessons, in the words and under the names of now.
    """
    one_at_a_time(session)
    draft = propose(session, folder, check_files(folder), kept)
    changes = draft.changes
    if changes.nothing:
        return changes
    row = _course_row(session, folder.slug) or _first(session, folder.slug, now)
    before = _remembered(session, row)
    rename_lessons(session, row.id, draft.renamed)
    store_texts(session, row.id, changes, draft.new, now)
    store_media(session, row.id, kept)
    put_in_force(
        session,
        row,
        Publication(
            course_id=row.id,
            edition_id=edition_with(session, row.id, changes.after, now)
            if changes.new_edition
            else row.edition_id,
            texts=texts_in_force(session, row.id),
            media={**before, **draft.new.media},
            who=doer.who,
            why=doer.why,
            published_at=now,
        ),
    )
    log_deed(session, doer, "published", row.id, version=row.version)
    return changes


def _course_row(session: Session, slug: str) -> CourseRow | None:
    return session.scalar(select(CourseRow).where(CourseRow.slug == slug))


def _first(session: Session, slug: str, now: CourseTime) -> CourseRow:
    row = CourseRow(slug=slug, version=0, edition_id=0, published_at=now)
    session.add(row)
    session.flush()
    return row


def _remembered(session: Session, row: CourseRow) -> dict[str, str]:
    """The media in service, with what is in force made sure to be in the history, to go back to."""
    if not row.version:
        return {}
    publication = in_force(session, row)
    session.add(publication)
    return publication.media


def _names(session: Session, row: CourseRow | None) -> Names:
    if row is None:
        return Names(frozenset(), {})
    lessons = session.scalars(select(Document.slug).where(Document.course_id == row.id, Document.kind == "lesson"))
    return Names(frozenset(lessons), former_slugs(session, row.id))


def _drafted(folder: Folder, course: Course, kept: Mapping[str, Kept]) -> Contents:
    return Contents(
        texts={identity: Text(path, folder.texts[path]) for identity, path in _identities(folder).items()},
        lessons=tuple(lesson.slug for lesson in course.lessons),
        media={path: file.digest for path, file in kept.items()},
    )


def _paths(folder: Folder) -> dict[str, str]:
    return {slug: path for (kind, slug), path in _identities(folder).items() if kind == "lesson"}


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
