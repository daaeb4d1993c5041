"""What learners say of a lesson, or of the whole course when it is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.errors import Invalid
from course.models import Enrolment, Feedback

WHOLE_COURSE = ""
MAX_WORDS = 2000


def give(
    session: Session, enrolment: Enrolment, lesson: str, score: int | None, words: str, now: datetime
) -> None:
    """Takes the place of what was said before; nothing said takes it back. Raises Invalid."""
    said = words.replace("\0", "").strip()
    if len(said) > MAX_WORDS:
        raise Invalid({"words": f"Please keep it to {MAX_WORDS:,} characters; this has {len(said):,}."})
    before = given(session, enrolment, lesson)
    if before is not None:
        session.delete(before)
        session.flush()
    if said or score is not None:
        session.add(Feedback(enrolment_id=enrolment.id, lesson=lesson, score=score, words=said, given_at=now))


def given(session: Session, enrolment: Enrolment, lesson: str) -> Feedback | None:
    return session.get(Feedback, (enrolment.id, lesson))


def sentences(session: Session, course_id: int, lesson: str) -> list[dict[str, Any]]:
    """What was said in words, the newest first, without names."""
    rows = session.scalars(
        select(Feedback)
        .join(Enrolment, Enrolment.id == Feedback.enrolment_id)
        .where(
            Enrolment.course_id == course_id, Enrolment.counted, Feedback.lesson == lesson, Feedback.words != ""
        )
        .order_by(Feedback.given_at.desc(), Feedback.enrolment_id)
    )
    return [{"on": row.given_at.date().isoformat(), "words": row.words} for row in rows]
