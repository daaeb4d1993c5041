"""A lesson, its articles, and what a learner does there."""

import logging
from collections.abc import Mapping

from flask import Blueprint, jsonify, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from course import completion
from course.content import Lesson
from course.errors import NotFound
from web.here import Opened, open_link, runtime, see_other
from web.lesson_page import lesson_page
from web.present import course_page
from web.prose import Prose
from web.shown import ArticlePage, CoursePage

pages = Blueprint("lesson", __name__, url_prefix="/learn/<token>")
log = logging.getLogger(__name__)


@pages.get("/articles/<article>")
def article(token: str, article: str) -> str:
    with runtime().db.read() as session:
        opened = open_link(session, token)
    course = opened.published.edition(opened.enrolment.edition_id)
    found = course.articles.get(article)
    if found is None:
        raise NotFound("This article is no longer part of the course.")
    lesson = next((lesson for lesson in course.lessons if article in lesson.articles), None)
    prose = Prose(opened.published, f"{opened.url}/articles", opened.learner.name)
    page = ArticlePage(
        course=course,
        title=found.title,
        minutes=found.minutes,
        html=prose.html(found.markdown),
        back_url=f"{opened.url}/{lesson.slug}" if lesson else opened.url,
        back_title=lesson.title if lesson else course.title,
    )
    return render_template("article.html", page=page)


@pages.get("/<slug>")
def lesson(token: str, slug: str) -> str:
    house = runtime()
    now = house.clock.now()
    with house.db.read() as session:
        opened = open_link(session, token)
        found = _lesson(opened, slug)
        if not completion.came(session, opened.enrolment, slug):
            return _not_yet(course_page(session, opened, now), slug)
        page = lesson_page(session, opened, found, now)
        new = not completion.visited(session, opened.enrolment, slug)
    if new and request.method == "GET":
        _note_visit(opened, slug)
    return render_template("lesson.html", page=page)


def _note_visit(opened: Opened, slug: str) -> None:
    """The reader comes first: the lesson is shown even where nothing can be written."""
    try:
        with runtime().db.jot() as session:
            completion.visit(session, opened.enrolment, slug, runtime().clock.now())
    except SQLAlchemyError:
        log.exception("A visit could not be noted; the reader was served all the same")


def _lesson(opened: Opened, slug: str) -> Lesson:
    found = opened.published.edition(opened.enrolment.edition_id).lesson(slug)
    if found is None:
        raise NotFound("This lesson is not part of your course.")
    return found


def _not_yet(page: CoursePage, slug: str) -> str:
    day = next(day for day in page.days if day.slug == slug)
    return render_template("not_yet.html", course=page.course, title=day.title, when=day.when, course_url=page.url)


@pages.post("/<slug>/checklist")
def tick(token: str, slug: str) -> Response:
    """JSON or form. Answers JSON to who asks for it, and otherwise shows the lesson again."""
    house = runtime()
    fields = _json() if request.is_json else request.form
    item, done = str(fields.get("item", "")), str(fields.get("done", "1")) in ("1", "true", "True")
    with house.db.write() as session:
        opened = open_link(session, token, lock=True)
        found = _open_lesson(opened, slug, arrived=completion.came(session, opened.enrolment, slug))
        completion.tick(session, opened.enrolment, found, item, done, house.clock.now())
        keys = completion.ticked(session, opened.enrolment).get(slug, set())
    if request.is_json or request.accept_mimetypes.best == "application/json":
        ticked = sum(known.key in keys for known in found.items)
        return jsonify(item=item, done=done, ticked=ticked, items=len(found.items))
    return see_other(f"{opened.url}/{slug}#checklist")


def _json() -> Mapping[str, object]:
    """The body's JSON object; without any field if it is none."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        sent = None
    return sent if isinstance(sent, dict) else {}


def _open_lesson(opened: Opened, slug: str, *, arrived: bool) -> Lesson:
    found = _lesson(opened, slug)
    if not arrived:
        raise NotFound("This lesson has not come yet; it opens on its day.")
    return found


@pages.post("/<slug>/complete")
def complete(token: str, slug: str) -> Response:
    house = runtime()
    with house.db.write() as session:
        opened = open_link(session, token, lock=True)
        _open_lesson(opened, slug, arrived=completion.came(session, opened.enrolment, slug))
        batches = completion.complete(
            session,
            opened.enrolment,
            opened.learner,
            opened.published,
            slug,
            house.clock.now(),
            house.clock.real(),
        )
    house.queue.hurry(batches)
    return see_other(f"{opened.url}/{slug}#complete")
