"""What the course page shows, from rows and facts; and a course's table of contents."""

from importlib import import_module

from sqlalchemy.orm import Session

from course.content.course import Course
from course.content.typesetting.lines import line_for, with_lines
from course.learning import feedback
from course.learning.completion import certificate_of, ticked
from course.models import CertificateRow, Enrolment, Suppression
from course.schedule.facts import facts_of, rhythm_of
from course.schedule.progress import Nudge, Send, asked, next_step
from course.schedule.reasons import waiting_for
from course.schedule.said import begins_at
from course.times import CourseTime
from web.language import words
from web.learner.view.agreed import agreed
from web.learner.view.all_checklists import doing
from web.learner.view.course_values import TO_READ, CoursePage, Day, Finish, Outline
from web.learner.view.days import days_of, pause_offers, when_said
from web.learner.view.earlier_rounds import earlier
from web.request import Opened, current_runtime, may_track
from web.site.certificates import url_of


def outline(course: Course) -> tuple[Outline, ...]:
    """The table of contents, for who has not given a name yet."""
    course = with_lines(course, line_for("", course.language))
    return tuple(
        Outline(
            day=day,
            title=lesson.title,
            preheader=lesson.preheader,
            minutes=course.effort(lesson).minutes,
            videos=len(lesson.videos),
            recordings=len(lesson.recordings) - len(lesson.videos),
            articles=len(lesson.articles),
            items=len(lesson.items),
        )
        for day, lesson in enumerate(course.lessons, 1)
    )


def course_page(session: Session, opened: Opened, now: CourseTime) -> CoursePage:
    enrolment, published = opened.enrolment, opened.published
    facts = facts_of(session, published, enrolment)
    ticks = ticked(session, enrolment)
    days = days_of(session, opened, facts, ticks, now)
    came = {day.slug for day in days if day.state in TO_READ}
    certificate = certificate_of(session, enrolment)
    step = next_step(facts, now)
    wanted = asked(facts, now)
    return CoursePage(
        course=opened.course,
        name=opened.learner.name,
        days=days,
        next_up=next((day for day in days if day.state == "open"), None)
        or next((day for day in days if day.state in ("on-its-way", "planned")), None),
        planned=next((day for day in days if day.state == "planned" and day.when), None),
        to_ask=next((day for day in days if isinstance(wanted, Send) and day.slug == wanted.lesson), None),
        undelivered=next((day for day in days if day.state == "undelivered"), None),
        email=opened.learner.email,
        mailable=session.get(Suppression, opened.learner.email) is None and enrolment.state != "left",
        completed=sum(day.state == "done" for day in days),
        state=enrolment.state,
        why="" if isinstance(step, Send) else waiting_for(step, facts, words()),
        reminder=when_said(max(step.at, now), enrolment.zone) if isinstance(step, Nudge) else "",
        zone=enrolment.zone,
        hour=enrolment.hour,
        weekdays=rhythm_of(enrolment).weekdays,
        pace=enrolment.pace,
        max_open=enrolment.max_open,
        tracking=enrolment.tracking,
        may_track=may_track(published),
        certificate_url=url_of(certificate),
        finish=_finish(session, opened, certificate, days),
        url=opened.url,
        doing=doing(opened, came, ticks),
        earlier=earlier(session, opened),
        webcal_url=_webcal(enrolment),
        pauses=pause_offers(facts, now),
        again_on=when_said(begins_at(facts, now), enrolment.zone),
        unsubscribe_url=f"/unsubscribe/{current_runtime().signer.unsubscribe(enrolment.id)}",
        agreed=agreed(session, enrolment),
    )


def _finish(session: Session, opened: Opened, certificate: CertificateRow | None, days: tuple[Day, ...]) -> Finish:
    said = feedback.given(session, opened.enrolment, feedback.WHOLE_COURSE)
    name = certificate.name if certificate else opened.learner.name
    return Finish(
        name=name,
        not_on_paper=_not_on_paper(name),
        said=said.words if said else "",
        missing=tuple(day for day in days if day.state != "done"),
    )


def _not_on_paper(name: str) -> str:
    """The letters of a name that the printed certificate cannot set."""
    if name.isascii():
        return ""
    # What reads the fonts takes long to load: each start of the site would wait for it.
    letters: str = import_module("course.certificates.letters").missing_letters(name)
    return letters


def _webcal(enrolment: Enrolment) -> str:
    runtime = current_runtime()
    address = runtime.settings.base_url.partition("://")[2]
    return f"webcal://{address}/calendar/{runtime.signer.calendar(enrolment.id, enrolment.generation)}.ics"
