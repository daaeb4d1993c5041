"""What a learner leaves beside a lesson for themselves: how far they watched, and a note. Nothing here commits.

Callers hold the enrolment's lock, so that two tabs take turns.
"""

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.course import Lesson
from course.errors import NotFound
from course.language.words import Phrase
from course.learning.free_text import read_writing
from course.learning.watched_slices import Watched, joined, read_watched
from course.models import Enrolment, Note, Watch
from course.times import CourseTime

LONGEST_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """What a player tells of what it plays, by its source; `stopped_at` and `seen` as they came:
    see `read_watched`."""

    video: str
    stopped_at: str
    seen: str


def watch(session: Session, enrolment: Enrolment, lesson: Lesson, report: Report, now: CourseTime) -> None:
    """Adds to what was seen. Raises Invalid, and NotFound for a video that was edited away."""
    known = next((one for one in lesson.recordings if one.source == report.video), None)
    if known is None:
        raise NotFound(Phrase("This video is no longer part of the lesson."))
    told = read_watched(report.stopped_at, report.seen, known.seconds)
    row = session.get(Watch, (enrolment.id, lesson.slug, report.video))
    if row is None:
        row = Watch(enrolment_id=enrolment.id, lesson=lesson.slug, video=report.video, seen="0")
        session.add(row)
    sum_of_both = joined(Watched(0, int(row.seen, 16)), told)
    row.stopped_at_seconds, row.seen, row.watched_at = sum_of_both.stopped_at, f"{sum_of_both.seen:x}", now
    session.flush()


def watched(session: Session, enrolment: Enrolment, slug: str) -> dict[str, Watched]:
    """Return how far a learner watched or heard each recording of a lesson, by its source."""
    rows = session.scalars(select(Watch).where(Watch.enrolment_id == enrolment.id, Watch.lesson == slug))
    return {row.video: Watched(row.stopped_at_seconds, int(row.seen, 16)) for row in rows}


def note_of(session: Session, enrolment: Enrolment, slug: str) -> str:
    row = session.get(Note, (enrolment.id, slug))
    return row.words if row else ""


def edition_of_note(words: str) -> str:
    """Tells one text of a note from another, so that a page can say which one it showed."""
    return sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Writing:
    """A note as it was typed. `shown` is the edition that the writer had before their eyes."""

    text: str
    shown: str


def write_note(session: Session, enrolment: Enrolment, slug: str, note: Writing, now: CourseTime) -> str:
    """Keeps the words; none are no note.

    Returns what was replaced without having been seen there, so that it can be shown: nothing is lost unnoticed.
    Raises Invalid for too many words.
    """
    words = read_writing("note", note.text, LONGEST_NOTE)
    row = session.get(Note, (enrolment.id, slug))
    before = row.words if row else ""
    if row is None and words:
        session.add(Note(enrolment_id=enrolment.id, lesson=slug, words=words, written_at=now))
    elif row is not None and not words:
        session.delete(row)
    elif row is not None and words != before:
        row.words, row.written_at = words, now
    session.flush()
    return before if before != words and edition_of_note(before) != note.shown else ""
