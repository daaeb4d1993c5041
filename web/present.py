"""From rows and facts to what the learner's pages show."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course import feedback
from course.completion import certificate_of, completions, ticked
from course.content import Course, Lesson
from course.facts import facts_of, rhythm_of
from course.forecast import Forecast, forecast
from course.models import CertificateRow, Delivery, Enrolment
from course.progress import Facts, Nudge, Send, Wait, asked, next_step
from course.reasons import because, waiting_for
from web.doing import doing
from web.earlier import earlier
from web.here import Opened, may_track, runtime
from web.shown import CoursePage, Day, DayState, Finish, Outline
from web.spoken import words


def outline(course: Course) -> tuple[Outline, ...]:
    """The table of contents."""
    return tuple(
        Outline(
            day=day,
            title=lesson.title,
            preheader=lesson.preheader,
            minutes=course.effort(lesson).minutes,
            videos=len(lesson.videos),
            articles=len(lesson.articles),
            items=len(lesson.items),
        )
        for day, lesson in enumerate(course.lessons, 1)
    )


def arrivals(session: Session, opened: Opened) -> Mapping[str, datetime | None]:
    """The lessons that have gone out, with when they were accepted; None while on their way."""
    rows = session.execute(
        select(Delivery.slug, Delivery.accepted_at).where(
            Delivery.enrolment_id == opened.enrolment.id, Delivery.kind == "lesson", Delivery.state != "cancelled"
        )
    )
    return dict(rows.all())


def course_page(session: Session, opened: Opened, now: datetime) -> CoursePage:
    enrolment, published = opened.enrolment, opened.published
    facts = facts_of(session, published, enrolment)
    coming = forecast(facts, now)
    course = published.edition(enrolment.edition_id)
    days = _days(session, opened, course, _told(facts, coming))
    came = {day.slug for day in days if day.state in ("open", "done")}
    certificate = certificate_of(session, enrolment)
    step = next_step(facts, now)
    wanted = asked(facts, now)
    return CoursePage(
        course=course,
        name=opened.learner.name,
        days=days,
        next_up=next((day for day in days if day.state == "open"), None)
        or next((day for day in days if day.state in ("on-its-way", "planned")), None),
        planned=next((day for day in days if day.state == "planned" and day.when), None),
        to_ask=next((day for day in days if isinstance(wanted, Send) and day.slug == wanted.lesson), None),
        completed=sum(day.state == "done" for day in days),
        state=enrolment.state,
        why="" if isinstance(step, Send) else waiting_for(step, facts, words()),
        reminder=_when(enrolment.due_at, enrolment.zone) if isinstance(step, Nudge) else "",
        zone=enrolment.zone,
        hour=enrolment.hour,
        weekdays=rhythm_of(enrolment).weekdays,
        pace=enrolment.pace,
        max_open=enrolment.max_open,
        tracking=enrolment.tracking,
        may_track=may_track(published),
        certificate_url=f"/certificates/{certificate.serial}" if certificate else "",
        finish=_finish(session, opened, certificate, days),
        url=opened.url,
        doing=doing(opened, course, came, ticked(session, opened.enrolment)),
        earlier=earlier(session, opened),
        webcal_url=_webcal(enrolment),
        unsubscribe_url=f"/unsubscribe/{runtime().signer.unsubscribe(enrolment.id)}",
    )


def _finish(session: Session, opened: Opened, certificate: CertificateRow | None, days: tuple[Day, ...]) -> Finish:
    said = feedback.given(session, opened.enrolment, feedback.WHOLE_COURSE)
    return Finish(
        name=certificate.name if certificate else opened.learner.name,
        said=said.words if said else "",
        missing=tuple(day for day in days if day.state != "done"),
    )


def _webcal(enrolment: Enrolment) -> str:
    house = runtime()
    address = house.settings.base_url.partition("://")[2]
    return f"webcal://{address}/calendar/{house.signer.calendar(enrolment.id, enrolment.generation)}.ics"


Told = Mapping[str, tuple[str, str]]
"""When each lesson still to come is planned, and why then, in words; no date where only a deed brings it."""


def _told(facts: Facts, coming: Forecast) -> Told:
    told = {slug: ("", waiting_for(coming.then, facts, words())) for slug in facts.lessons}
    if isinstance(coming.then, Nudge | Wait) and coming.then.why == "incomplete":
        for before, slug in enumerate(facts.lessons[1:], 1):
            told[slug] = ("", words().gettext("it comes as soon as you mark day %(day)s complete", day=before))
    for send in coming.sends:
        told[send.lesson] = (_when(send.at, facts.rhythm.zone), because(send.why, facts.rhythm, words()))
    return told


def _days(session: Session, opened: Opened, course: Course, told: Told) -> tuple[Day, ...]:
    done = completions(session, opened.enrolment)
    ticks = ticked(session, opened.enrolment)
    came = arrivals(session, opened)
    days = []
    for number, lesson in enumerate(course.lessons, 1):
        when, why = told[lesson.slug] if lesson.slug not in came else ("", "")
        days.append(
            Day(
                day=number,
                slug=lesson.slug,
                title=lesson.title,
                preheader=lesson.preheader,
                minutes=course.effort(lesson).minutes,
                state=_state(lesson.slug, done, came),
                when=_when(came.get(lesson.slug), opened.enrolment.zone) or when,
                why=why,
                ticked=_known_ticks(lesson, ticks.get(lesson.slug, set())),
                items=len(lesson.items),
                url=f"{opened.url}/{lesson.slug}",
            )
        )
    return tuple(days)


def _state(slug: str, done: Mapping[str, datetime], came: Mapping[str, datetime | None]) -> DayState:
    if slug in done:
        return "done"
    if slug not in came:
        return "planned"
    return "open" if came[slug] is not None else "on-its-way"


def _when(moment: datetime | None, zone: str) -> str:
    return words().moment(moment, zone) if moment else ""


def _known_ticks(lesson: Lesson, keys: set[str]) -> int:
    return sum(item.key in keys for item in lesson.items)
