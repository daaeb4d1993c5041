"""How a course goes, for people who would rather look than read."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.content.course import Course, title_of
from course.learning.feedback import SCORES
from course.models import CourseRow
from course.reports.audience import states_of
from course.reports.figures.choice import Choice, editions
from course.reports.figures.durations import Durations, durations
from course.reports.figures.open_items import Item, items
from course.reports.figures.opinions import Opinion, opinions
from course.reports.figures.reading_hours import reading_hours
from course.reports.figures.rumours import Rumour, rumours
from course.reports.figures.steps import Step, steps, worst
from course.reports.figures.watching import Film, films
from course.reports.figures.weeks import Week, weeks
from course.reports.ledger import MAIL_STATES, DayAccount, accounts, condition
from course.reports.numbers import MAIL_COUNTS, mail_counts
from course.times import CourseTime
from web.request import current_runtime
from web.studio import plots
from web.studio.state_words import ENROLMENT_STATE_WORDS, MAIL_STATE_WORDS
from web.studio.writing.open_draft import open_desk

pages = Blueprint("numbers", __name__)

NOTHING = Rumour()


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page shows of one course, for one choice of its learners."""

    course: Course
    choice: Choice
    editions: dict[int, int]
    states: dict[str, int]
    steps: tuple[Step, ...]
    worst: Step | None
    weeks: tuple[Week, ...]
    durations: Durations
    hours: dict[tuple[int, int], int]
    films: tuple[Film, ...]
    items: tuple[Item, ...]
    opinions: tuple[Opinion, ...]
    opened: dict[str, Rumour]
    clicked: dict[str, Rumour]
    mails: dict[str, dict[str, int]]
    days: list[DayAccount]

    @property
    def finished(self) -> int:
        return sum(self.durations.finished.values())

    def title(self, lesson: str) -> str:
        return title_of(self.course, lesson)


@pages.get("/courses/<slug>/numbers")
def show(slug: str) -> str:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.read() as session:
        now = runtime.clock.now()
        sending = condition(session, now)
        course_id = session.scalar(select(CourseRow.id).where(CourseRow.slug == slug))
        figures = _figures(session, slug, _choice(course_id), now) if course_id is not None else None
    late = now - CourseTime(sending.oldest_due_at) if sending.oldest_due_at else timedelta()
    return render_template(
        "studio/numbers.html",
        desk=desk,
        sending=sending,
        minutes_late=late // timedelta(minutes=1),
        figures=figures,
        plots=plots,
        nothing=NOTHING,
        score_words=SCORES,
        state_words=ENROLMENT_STATE_WORDS,
        mail_words=MAIL_STATE_WORDS,
        mail_counts=tuple(MAIL_COUNTS),
        mail_states=MAIL_STATES,
    )


def _choice(course_id: int) -> Choice:
    """What the form above the numbers says; what makes no sense in it chooses nothing."""
    edition = request.args.get("edition", "")
    return Choice(
        course_id,
        _day(request.args.get("since", "")),
        _day(request.args.get("until", "")),
        int(edition) if edition.isascii() and edition.isdigit() and len(edition) < 10 else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2200 else None


def _figures(session: Session, slug: str, choice: Choice, now: CourseTime) -> Figures:
    course = current_runtime().shelf.by_slug(session, slug).course
    lessons = tuple(lesson.slug for lesson in course.lessons)
    taken = steps(session, choice, lessons, now)
    return Figures(
        course=course,
        choice=choice,
        editions=editions(session, choice.course_id),
        states=states_of(session, choice.course_id),
        steps=taken,
        worst=worst(taken),
        weeks=weeks(session, choice),
        durations=durations(session, choice),
        hours=reading_hours(session, choice, now),
        films=films(session, choice, course),
        items=items(session, choice, course, taken),
        opinions=opinions(session, choice, lessons),
        opened=rumours(session, choice, "opened"),
        clicked=rumours(session, choice, "clicked"),
        mails=mail_counts(session, choice.course_id),
        days=accounts(session, now, days=14, course=slug),
    )
