"""Opens and clicks of mails, as a range: at least those that people surely made, at most the unclear ones too."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from course.models import Delivery, Enrolment, Event
from course.reports.figures.choice import Choice


@dataclass(frozen=True, slots=True)
class Rumour:
    """How many mails were opened, or clicked in, by people, by machines only, or by nobody knows whom. A mail
    counts under the best verdict any of its hits had."""

    human: int = 0
    unclear: int = 0
    machine: int = 0

    @property
    def at_most(self) -> int:
        return self.human + self.unclear


def rumours(session: Session, choice: Choice, kind: str) -> dict[str, Rumour]:
    """By lesson, of its mails; `kind` is `opened` or `clicked`."""
    best = case(
        (func.sum(case((Event.verdict == "human", 1), else_=0)) > 0, "human"),
        (func.sum(case((Event.verdict == "unclear", 1), else_=0)) > 0, "unclear"),
        else_="machine",
    )
    per_mail = choice.of(
        select(Delivery.slug, best.label("verdict"))
        .join(Event, Event.delivery_id == Delivery.id)
        .join(Enrolment, Enrolment.id == Delivery.enrolment_id)
        .where(Delivery.course_id == choice.course_id, Delivery.kind == "lesson", Event.kind == kind)
        .group_by(Delivery.id, Delivery.slug)
    ).subquery()
    rows = session.execute(
        select(per_mail.c.slug, per_mail.c.verdict, func.count()).group_by(per_mail.c.slug, per_mail.c.verdict)
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for lesson, verdict, count in rows:
        found[lesson][verdict] = count
    return {lesson: Rumour(**counts) for lesson, counts in found.items()}
