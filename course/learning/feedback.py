"""What learners say of a lesson, or of the whole course when it is over."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.errors import Invalid
from course.language.words import Phrase
from course.learning.free_text import read_writing
from course.models import Enrolment, Feedback
from course.times import CourseTime

WHOLE_COURSE = ""
MAX_WORDS = 2000
SCORES = {1: Phrase("Not for me"), 2: Phrase("Fine"), 3: Phrase("Very useful")}


def read_score(text: str) -> int:
    """Raises Invalid."""
    if text not in {str(score) for score in SCORES}:
        raise Invalid({"score": Phrase("Please choose one of the three.")})
    return int(text)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody says of a lesson, or of the whole course, as it was typed; nothing said is no opinion."""

    score: int | None = None
    words: str = ""


def give(session: Session, enrolment: Enrolment, lesson: str, opinion: Opinion, now: CourseTime) -> None:
    """Takes the place of what was said before; nothing said takes it back. Raises Invalid."""
    said = read_writing("words", opinion.words, MAX_WORDS).strip()
    before = given(session, enrolment, lesson)
    if before is not None:
        session.delete(before)
        session.flush()
    if said or opinion.score is not None:
        session.add(
            Feedback(enrolment_id=enrolment.id, lesson=lesson, score=opinion.score, words=said, given_at=now)
        )


def given(session: Session, enrolment: Enrolment, lesson: str) -> Feedback | None:
    return session.get(Feedback, (enrolment.id, lesson))


def scores(session: Session, course_id: int) -> dict[str, dict[str, int]]:
    """How often each score was given, by lesson."""
    rows = session.execute(
        select(Feedback.lesson, Feedback.score, func.count())
        .join(Enrolment, Enrolment.id == Feedback.enrolment_id)
        .where(Enrolment.course_id == course_id, Enrolment.counted, Feedback.score.is_not(None))
        .group_by(Feedback.lesson, Feedback.score)
    )
    found: dict[str, dict[str, int]] = {}
    for lesson, score, count in rows:
        found.setdefault(lesson, no_scores())[str(score)] = count
    return found


def no_scores() -> dict[str, int]:
    return {str(score): 0 for score in SCORES}


def sentences(session: Session, course_id: int, lesson: str) -> list[dict[str, Any]]:
    """Return what learners wrote about a lesson, the newest first, without names."""
    rows = session.scalars(
        select(Feedback)
        .join(Enrolment, Enrolment.id == Feedback.enrolment_id)
        .where(
            Enrolment.course_id == course_id, Enrolment.counted, Feedback.lesson == lesson, Feedback.words != ""
        )
        .order_by(Feedback.given_at.desc(), Feedback.enrolment_id)
    )
    return [{"on": row.given_at.date().isoformat(), "words": row.words} for row in rows]
