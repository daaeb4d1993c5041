"""What learners thought of each lesson: how many gave each answer, and what they wrote."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.feedback import SCORES, WHOLE_COURSE
from course.models import Enrolment, Feedback
from course.reports.figures.choice import Choice

MOST_SENTENCES = 200


@dataclass(frozen=True, slots=True)
class Opinion:
    """Of one lesson, or of the whole course where `lesson` is empty. `scores` counts the answers 1 to 3; `said`
    are sentences with the day of each, the newest first."""

    lesson: str
    scores: dict[int, int]
    said: tuple[tuple[date, str], ...]

    @property
    def answers(self) -> int:
        return sum(self.scores.values())


def opinions(session: Session, choice: Choice, lessons: tuple[str, ...]) -> tuple[Opinion, ...]:
    """Those of lessons that anybody has said anything about, in their order, then those of the whole course."""
    scores: defaultdict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(SCORES, 0))
    counted = choice.of(
        select(Feedback.lesson, Feedback.score, func.count())
        .join(Enrolment, Enrolment.id == Feedback.enrolment_id)
        .where(Feedback.score.is_not(None))
        .group_by(Feedback.lesson, Feedback.score)
    )
    for lesson, score, count in session.execute(counted):
        scores[lesson][score or 0] = count
    said: defaultdict[str, list[tuple[date, str]]] = defaultdict(list)
    written = choice.of(
        select(Feedback.lesson, Feedback.given_at, Feedback.words)
        .join(Enrolment, Enrolment.id == Feedback.enrolment_id)
        .where(Feedback.words != "")
    )
    newest = written.order_by(Feedback.given_at.desc(), Feedback.enrolment_id).limit(MOST_SENTENCES)
    for lesson, at, words in session.execute(newest):
        said[lesson].append((at.date(), words))
    return tuple(
        Opinion(lesson, scores.get(lesson) or dict.fromkeys(SCORES, 0), tuple(said.get(lesson, ())))
        for lesson in (*lessons, WHOLE_COURSE)
        if lesson in scores or lesson in said
    )
