"""A forwarded lesson: to be read by anybody, without the learner's page, ticks, notes or name."""

from flask import Blueprint, Response, render_template

from course.content.course import Lesson
from course.errors import NotFound
from course.language.words import Phrase
from course.publishing.editions import Published
from web.language import speak_for
from web.learner.view.markdown import Renderer
from web.learner.view.reader_view import answer_with, article_page, readers_lesson
from web.request import current_runtime

pages = Blueprint("read", __name__, url_prefix="/read/<token>")


@pages.get("")
def lesson(token: str) -> Response:
    published, found = _open(token)
    shown = readers_lesson(published.course, found, _renderer(published, token))
    return answer_with(shown, render_template("learner/read.html", letter=shown))


@pages.get("/articles/<article>")
def article(token: str, article: str) -> str:
    published, found = _open(token)
    url = f"/read/{token}"
    page = article_page(published.course, article, _renderer(published, token), url, found.title)
    return render_template("learner/read_article.html", page=page)


def _open(token: str) -> tuple[Published, Lesson]:
    """Raises BadToken, and NotFound for a lesson that is no longer in the course."""
    course_id, slug = current_runtime().signer.read_shared(token)
    with current_runtime().db.read() as session:
        published = current_runtime().shelf.course(session, course_id)
    speak_for(published.course)
    found = published.course.lesson(slug)
    if found is None:
        raise NotFound(Phrase("This lesson is no longer part of the course. The front page shows what is."))
    return published, found


def _renderer(published: Published, token: str) -> Renderer:
    return Renderer(published, f"/read/{token}/articles", name="")
