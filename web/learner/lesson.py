"""A lesson and its articles, as the learner reads them; ticked, completed, mailed again."""

import logging

from flask import Blueprint, jsonify, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.content.course import Lesson
from course.errors import Invalid, NotFound
from course.language.words import Phrase
from course.learning import completion
from course.learning.resend import mail_again
from course.schedule.facts import facts_of
from course.times import CourseTime
from course.traces import named
from web.language import said
from web.learner.view.days import days_of
from web.learner.view.lesson_values import DeedResult, LessonPage
from web.learner.view.lesson_view import lesson_page
from web.learner.view.markdown import prose_for
from web.learner.view.reader_view import answer_with, article_page
from web.request import Opened, current_runtime, open_link, see_other, sent_text, wants_json

pages = Blueprint("lesson", __name__, url_prefix="/learn/<token>")
log = logging.getLogger(__name__)


@pages.get("/articles/<article>")
def article(token: str, article: str) -> str:
    with current_runtime().db.read() as session:
        opened = open_link(session, token)
    course = opened.course
    lesson = next((lesson for lesson in course.lessons if article in lesson.articles), None)
    back_url = f"{opened.url}/{lesson.slug}" if lesson else opened.url
    back_title = lesson.title if lesson else course.title
    page = article_page(course, article, prose_for(opened), back_url, back_title)
    return render_template("learner/article.html", page=page)


@pages.get("/<slug>")
def lesson(token: str, slug: str) -> Response | str:
    runtime = current_runtime()
    now = runtime.clock.now()
    with runtime.db.read() as session:
        opened = open_link(session, token)
        found = _lesson(opened, slug)
        if not completion.came(session, opened.enrolment, slug):
            return _not_yet(session, opened, slug, now)
        page = lesson_page(session, opened, found, now)
        new = not completion.visited(session, opened.enrolment, slug)
    if new and request.method == "GET":
        _note_visit(opened, slug, undelivered=bool(page.failed_for))
    mailed = request.args.get("mailed", "")
    reply = DeedResult(
        mailed_to=opened.learner.email if mailed else "",
        mailed_before=mailed == "before",
        noted="noted" in request.args,
    )
    return _rendered(page, reply)


def _note_visit(opened: Opened, slug: str, *, undelivered: bool) -> None:
    """The reader comes first: the lesson is shown even where nothing can be written."""
    now = current_runtime().clock.now()
    try:
        with current_runtime().db.jot() as session:
            if undelivered:
                completion.visit_undelivered(session, open_link(session, opened.token, lock=True), slug, now)
            else:
                completion.visit(session, opened.enrolment, slug, now)
    except SQLAlchemyError as problem:
        log.error("A visit could not be noted (%s); the reader was served all the same", named(problem))


def _lesson(opened: Opened, slug: str) -> Lesson:
    found = opened.course.lesson(slug)
    if found is None:
        raise NotFound(Phrase("This lesson is not part of your course."))
    return found


def _not_yet(session: Session, opened: Opened, slug: str, now: CourseTime) -> str:
    facts = facts_of(session, opened.published, opened.enrolment)
    day = next(day for day in days_of(session, opened, facts, {}, now) if day.slug == slug)
    return render_template("learner/not_yet.html", course=opened.course, day=day, course_url=opened.url)


def _rendered(page: LessonPage, reply: DeedResult) -> Response:
    return answer_with(page.letter, render_template("learner/lesson.html", page=page, reply=reply))


def open_lesson(session: Session, token: str, slug: str) -> tuple[Opened, Lesson]:
    """Open a lesson for a deed, locked so that two tabs take turns. Raises NotFound for a lesson that has not
    come."""
    opened = open_link(session, token, lock=True)
    found = _lesson(opened, slug)
    if not completion.came(session, opened.enrolment, slug):
        raise NotFound(Phrase("This lesson has not come yet; it opens on its day."))
    return opened, found


def show_again(session: Session, opened: Opened, lesson: Lesson, reply: DeedResult, status: int = 200) -> Response:
    """The lesson as it is now, with what there is to say; to a script only the latter."""
    if wants_json():
        response: Response = jsonify(message=" ".join(said(why) for why in reply.errors.values()))
    else:
        response = _rendered(lesson_page(session, opened, lesson, current_runtime().clock.now()), reply)
    response.status_code = status
    return response


@pages.post("/<slug>/checklist")
def tick(token: str, slug: str) -> Response:
    """JSON or form. Answers JSON to who asks for it, and otherwise shows the lesson again."""
    item, done = sent_text("item"), sent_text("done", "1") in ("1", "true", "True")
    with current_runtime().db.write() as session:
        opened, found = open_lesson(session, token, slug)
        try:
            if done:
                completion.tick(session, opened.enrolment, found, item, current_runtime().clock.now())
            else:
                completion.untick(session, opened.enrolment, found, item)
        except NotFound as problem:
            return show_again(session, opened, found, DeedResult(errors={"checklist": problem.message}), 404)
        keys = completion.ticked(session, opened.enrolment).get(slug, set())
    if wants_json():
        known = [one.key for one in found.items if one.key in keys]
        return jsonify(item=item, done=done, ticked=len(known), items=len(found.items), keys=known)
    from_course = request.form.get("back") == "course"
    return see_other(f"{opened.url}#doing-{slug}-{item}" if from_course else f"{opened.url}/{slug}#item-{item}")


@pages.post("/<slug>/complete")
def complete(token: str, slug: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened, _ = open_lesson(session, token, slug)
        completion.complete(session, opened, slug, runtime.clock.times())
    return see_other(f"{opened.url}/{slug}#complete")


@pages.post("/<slug>/uncomplete")
def uncomplete(token: str, slug: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened, _ = open_lesson(session, token, slug)
        completion.uncomplete(session, opened, slug, runtime.clock.now())
    return see_other(f"{opened.url}/{slug}#complete")


@pages.post("/<slug>/mail")
def mail(token: str, slug: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened, found = open_lesson(session, token, slug)
        try:
            posted = mail_again(session, opened, slug, runtime.clock.times())
        except Invalid as problem:
            return show_again(session, opened, found, DeedResult(errors=problem.errors), 422)
    return see_other(f"{opened.url}/{slug}?mailed={'now' if posted else 'before'}#elsewhere")
