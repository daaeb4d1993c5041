"""How a course goes: lesson by lesson, day by day, and whether sending stands still."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.errors import Refused
from course.language.words import Phrase
from course.learning.feedback import SCORES
from course.models import CourseRow
from course.reports.ledger import MAIL_STATES, accounts, condition, learners_due
from course.reports.numbers import MAIL_COUNTS, course_stats
from course.staff.audit_log import log_deed
from course.times import CourseTime
from mailer.sending.continuity import letting_go_on
from mailer.sending.patience.hold import hold_sending
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.state_words import ENROLMENT_STATE_WORDS, MAIL_STATE_WORDS
from web.studio.writing.open_draft import open_desk

pages = Blueprint("numbers", __name__)

SERIES = (
    ("due", Phrase("due")),
    ("opened", Phrase("opened by people")),
    ("visited", Phrase("visited")),
    ("completed", Phrase("completed")),
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot, in its units; `share` is of the longest."""

    kind: str
    value: int
    share: float


@dataclass(frozen=True, slots=True)
class PlotRow:
    day: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """`lesson` is empty for what was said of the whole course."""

    on: date
    lesson: str
    words: str


@pages.get("/courses/<slug>/numbers")
def show(slug: str) -> str:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.read() as session:
        now = runtime.clock.now()
        sending = condition(session, now)
        published = session.scalar(select(CourseRow.id).where(CourseRow.slug == slug)) is not None
        facts = _facts(session, slug, now) if published else None
    late = now - CourseTime(sending.oldest_due_at) if sending.oldest_due_at else timedelta()
    return render_template(
        "studio/numbers.html",
        desk=desk,
        sending=sending,
        minutes_late=late // timedelta(minutes=1),
        facts=facts,
        series=SERIES,
        score_words=SCORES,
        state_words=ENROLMENT_STATE_WORDS,
        mail_words=MAIL_STATE_WORDS,
        mail_counts=tuple(MAIL_COUNTS),
        mail_states=MAIL_STATES,
    )


@pages.get("/release")
def ahead_of_release() -> str:
    """Show what letting mail go on would set in motion."""
    runtime = current_runtime()
    with runtime.db.read() as session:
        sending = condition(session, runtime.clock.now())
        due = learners_due(session, runtime.clock.now())
    return render_template("studio/release.html", sending=sending, due=due)


@pages.post("/release")
def release() -> Response:
    runtime = current_runtime()
    with letting_go_on(runtime, runtime.clock.real()) as (session, why):
        log_deed(session, doer(), "let sending go on", None, held_because=why or "")
    return see_other("/studio/release")


@pages.post("/hold")
def hold() -> Response:
    runtime, why = current_runtime(), request.form.get("why", "").strip()
    if not why:
        raise Refused(Phrase("Say why sending is to stop: others will want to know. Nothing was changed."))
    with runtime.db.write() as session:
        hold_sending(session, why[:500], runtime.clock.real())
        log_deed(session, doer(), "held sending", None, because=why[:500])
    return see_other("/studio/release")


def _facts(session: Session, slug: str, now: CourseTime) -> dict[str, Any]:
    stats = course_stats(session, slug)
    lessons: Sequence[Mapping[str, Any]] = stats["lessons"]
    return {
        "stats": stats,
        "days": accounts(session, now, days=14, course=slug),
        "plot": plot(lessons),
        "said": [
            Said(date.fromisoformat(one["on"]), lesson, one["words"])
            for lesson, sentences in (
                *((lesson["lesson"], lesson["said"]) for lesson in lessons),
                ("", stats["said_at_the_end"]),
            )
            for one in sentences
        ],
    }


def plot(lessons: Sequence[Mapping[str, Any]]) -> tuple[PlotRow, ...]:
    counted = [{**lesson, "opened": lesson["opened"]["human"]} for lesson in lessons]
    longest = max((lesson[kind] for lesson in counted for kind, _ in SERIES), default=0) or 1
    return tuple(
        PlotRow(
            lesson["day"],
            tuple(Bar(kind, lesson[kind], lesson[kind] / longest) for kind, _ in SERIES),
        )
        for lesson in counted
    )
