"""Read-only queries for the numbers. Who is not `counted`, an author trying the course, is in none of them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from course.learning.feedback import WHOLE_COURSE, no_scores, scores, sentences
from course.models import Completion, Delivery, Edition, Enrolment, Event, Visit
from course.publishing.versions import course_row
from course.reports.audience import states_of

JUDGEMENTS = ("human", "machine", "unclear")


def course_stats(session: Session, slug: str) -> dict[str, Any]:
    """The numbers of a course: learners by state, and each lesson of the newest edition.

    Opens and clicks count mails, not hits; a mail counts under the best verdict any of its hits had.
    """
    course = course_row(session, slug)
    edition = session.get_one(Edition, course.edition_id)
    mails = mail_counts(session, course.id)
    hits = {kind: _hits(session, course.id, kind) for kind in ("opened", "clicked")}
    visited = _count(session, course.id, Visit)
    completed = _count(session, course.id, Completion)
    thought = scores(session, course.id)
    return {
        "course": slug,
        "edition": edition.number,
        "learners": states_of(session, course.id),
        "lessons": [
            {
                "lesson": lesson,
                "day": day,
                **mails.get(lesson, dict.fromkeys(MAIL_COUNTS, 0)),
                "opened": hits["opened"][lesson],
                "clicked": hits["clicked"][lesson],
                "visited": visited.get(lesson, 0),
                "completed": completed.get(lesson, 0),
                "scores": thought.get(lesson) or no_scores(),
                "said": sentences(session, course.id, lesson),
            }
            for day, lesson in enumerate(edition.lessons, 1)
        ],
        "said_at_the_end": sentences(session, course.id, WHOLE_COURSE),
    }


MAIL_COUNTS = {
    "due": func.count(),
    "sent": func.count(case((Delivery.state == "accepted", 1))),
    "delivered": func.count(case((Delivery.fate.in_(("delivered", "complained")), 1))),
    "bounced": func.count(case((Delivery.fate == "bounced", 1))),
    "uncertain": func.count(case((Delivery.state == "uncertain", 1))),
    "failed": func.count(case((Delivery.state == "failed", 1))),
}


def mail_counts(session: Session, course_id: int) -> dict[str, dict[str, int]]:
    """How the lesson mails of a course stand, by lesson: the counts named in MAIL_COUNTS."""
    rows = session.execute(
        select(Delivery.slug, *MAIL_COUNTS.values())
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Delivery.course_id == course_id, Delivery.kind == "lesson", Enrolment.counted)
        .group_by(Delivery.slug)
    )
    return {slug: dict(zip(MAIL_COUNTS, counts, strict=True)) for slug, *counts in rows}


def _hits(session: Session, course_id: int, kind: str) -> defaultdict[str, Mapping[str, int]]:
    best = case(
        (func.sum(case((Event.verdict == "human", 1), else_=0)) > 0, "human"),
        (func.sum(case((Event.verdict == "unclear", 1), else_=0)) > 0, "unclear"),
        else_="machine",
    )
    per_mail = (
        select(Delivery.slug, best.label("judgement"))
        .join(Event, Event.delivery_id == Delivery.id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(
            Delivery.course_id == course_id,
            Delivery.kind == "lesson",
            Event.kind == kind,
            Enrolment.counted,
        )
        .group_by(Delivery.id, Delivery.slug)
        .subquery()
    )
    found: defaultdict[str, Mapping[str, int]] = defaultdict(lambda: dict.fromkeys(JUDGEMENTS, 0))
    rows = session.execute(
        select(per_mail.c.slug, per_mail.c.judgement, func.count()).group_by(per_mail.c.slug, per_mail.c.judgement)
    )
    for slug, judgement, count in rows:
        found[slug] = {**found[slug], judgement: count}
    return found


def _count(session: Session, course_id: int, table: type[Visit] | type[Completion]) -> dict[str, int]:
    rows = session.execute(
        select(table.lesson, func.count())
        .join(Enrolment, Enrolment.id == table.enrolment_id)
        .where(Enrolment.course_id == course_id, Enrolment.counted)
        .group_by(table.lesson)
    )
    return dict(rows.all())
