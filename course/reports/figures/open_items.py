"""Which items of the checklists stay open."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.content.course import ChecklistItem, Course
from course.content.markup.html import to_inline_html
from course.content.plain_text import plain_text
from course.models import Enrolment, Tick
from course.reports.figures.choice import Choice
from course.reports.figures.steps import Step


@dataclass(frozen=True, slots=True)
class Item:
    """`words` of a lesson's checklist, and how many have ticked it."""

    step: Step
    words: str
    ticked: int

    @property
    def share(self) -> float:
        # Who ticked it in a mail program's window may not have opened the page.
        return min(1.0, self.ticked / self.step.visited) if self.step.visited else 0.0


def items(session: Session, choice: Choice, course: Course, found: tuple[Step, ...]) -> tuple[Item, ...]:
    """Every item of a lesson that anybody has opened, in the order of the course."""
    rows = session.execute(
        choice.of(
            select(Tick.lesson, Tick.item, func.count())
            .join(Enrolment, Enrolment.id == Tick.enrolment_id)
            .group_by(Tick.lesson, Tick.item)
        )
    )
    ticked = {(lesson, item): count for lesson, item, count in rows}
    return tuple(
        Item(step, _plain(item), ticked.get((step.lesson, item.key), 0))
        for step in found
        if step.visited and (lesson := course.lesson(step.lesson))
        for item in lesson.items
    )


def _plain(item: ChecklistItem) -> str:
    return plain_text(to_inline_html(item.markdown, references=item.references))
