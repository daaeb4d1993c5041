"""From rows and facts to what a lesson's page shows."""

from sqlalchemy.orm import Session

from course.content.course import Lesson
from course.learning.completion import certificate_of, completions, ticked
from course.learning.feedback import SCORES, given
from course.learning.notes import LONGEST_NOTE, edition_of_note, note_of, watched
from course.learning.watched_slices import NOTHING, share
from course.schedule.facts import facts_of
from course.times import CourseTime
from web.language import words
from web.learner.view.course_values import TO_READ, Day
from web.learner.view.days import days_of
from web.learner.view.lesson_values import LessonMinutes, LessonPage, Neighbour, ShownFeedback, ShownNote
from web.learner.view.markdown import prose_for
from web.learner.view.reader_view import Done, readers_lesson
from web.request import Opened, current_runtime
from web.site.certificates import url_of


def lesson_page(session: Session, opened: Opened, lesson: Lesson, now: CourseTime) -> LessonPage:
    enrolment, course = opened.enrolment, opened.course
    ticks = ticked(session, enrolment)
    days = days_of(session, opened, facts_of(session, opened.published, enrolment), ticks, now)
    day = days[course.day_of(lesson.slug) - 1]
    done = Done(ticks.get(lesson.slug, set()), watched(session, enrolment, lesson.slug))
    completed_at = completions(session, enrolment).get(lesson.slug)
    note = note_of(session, enrolment, lesson.slug)
    runtime = current_runtime()
    return LessonPage(
        letter=readers_lesson(course, lesson, prose_for(opened), done),
        left=LessonMinutes(*course.effort(lesson).left(_share_seen(lesson, done), _minutes_done(lesson, done))),
        ticked=day.ticked,
        items=day.items,
        completed=words().moment(completed_at, enrolment.zone) if completed_at else "",
        failed_for=opened.learner.email if day.state == "undelivered" else "",
        note=ShownNote(note, edition_of_note(note), LONGEST_NOTE),
        feedback=_feedback(session, opened, lesson),
        previous=_turn(days[day.day - 2]) if day.day > 1 else None,
        next=_turn(days[day.day]) if day.day < len(days) else None,
        all_complete=all(one.state == "done" for one in days),
        certificate_url=url_of(certificate_of(session, enrolment)),
        share_url=f"{runtime.settings.base_url}/read/{runtime.signer.shared(opened.published.id, lesson.slug)}",
        url=day.url,
        course_url=opened.url,
    )


def _minutes_done(lesson: Lesson, done: Done) -> int:
    return sum(item.minutes for item in lesson.items if item.key in done.ticked)


def _share_seen(lesson: Lesson, done: Done) -> float:
    """Return how much of all videos and recordings of the lesson together was seen or heard, from 0 to 1."""
    seconds = sum(one.seconds for one in lesson.recordings)
    seen = sum(
        share(done.watched.get(one.source, NOTHING).seen, one.seconds) * one.seconds for one in lesson.recordings
    )
    return seen / seconds if seconds else 0.0


def _feedback(session: Session, opened: Opened, lesson: Lesson) -> ShownFeedback:
    said = given(session, opened.enrolment, lesson.slug)
    return ShownFeedback(SCORES, (said.score or 0) if said else 0, said.words if said else "")


def _turn(day: Day) -> Neighbour:
    url = day.url if day.state in TO_READ else ""
    return Neighbour(day.day, day.title, day.when, day.why, url, day.under_way)
