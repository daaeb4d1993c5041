"""What views share: the runtime of this process, opening a learner's link, reading what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment.enrolments import Participant, participant
from course.errors import NotFound
from course.publishing.editions import Published
from course.tracking import strictest
from mailer.runtime import Runtime
from web.language import is_chosen, speak, speak_for

SITE_NAME = "Dayletter"
STUDIO_PATH = "/studio"


def current_runtime() -> Runtime:
    found = current_app.extensions["runtime"]
    assert isinstance(found, Runtime)  # noqa: S101 - narrows the type; create_app put it there
    return found


class Replaced(NotFound):
    """A link of ours from before it was made anew; `token` is the old one."""

    def __init__(self, token: str) -> None:
        super().__init__("This link was replaced by a newer one.")
        self.token = token


@dataclass(frozen=True, slots=True)
class Opened(Participant):
    """A learner's link, opened."""

    token: str

    @property
    def url(self) -> str:
        return f"/learn/{self.token}"


def open_link(session: Session, token: str, *, lock: bool = False) -> Opened:
    """Raises BadToken, NotFound, or Replaced for a link that was renewed since."""
    runtime = current_runtime()
    enrolment_id, generation = runtime.signer.read_learn(token)
    who = participant(session, runtime.shelf, enrolment_id, lock=lock)
    speak_for(who.published.course)
    # An older round's link opens the newest, as long as the learner's links were not renewed.
    if who.enrolment.generation != generation:
        raise Replaced(token)
    opened = Opened(who.enrolment, who.learner, who.published, token)
    g.course_url = opened.url  # where the reader of an error page is led back to
    return opened


def speak_for_site() -> None:
    """Answer a page of no course in the language that all courses share, else in the one the browser asks for."""
    if is_chosen():
        return
    with current_runtime().db.read() as session:
        courses = [published.course for published in current_runtime().shelf.all(session)]
    if len({(course.language, course.accent) for course in courses}) == 1:
        speak_for(courses[0])
    elif len({course.language for course in courses}) == 1:
        speak(courses[0].language)


def may_track(published: Published) -> bool:
    """Whether anybody's opens and clicks may be recorded in this course."""
    return strictest(current_runtime().settings.tracking, published.course.tracking) != "off"


def asking_network() -> str:
    """Where the request comes from, as a keyed hash: enough to count by, and no address that is kept."""
    network: str = current_app.extensions["asked from"]()
    return current_runtime().signer.asker(network)


def see_other(url: str) -> Response:
    """Redirect to the result of a deed (303), so that reloading repeats nothing."""
    return redirect(url, 303)


def sent_fields() -> Mapping[str, object]:
    """The fields of a form or of a JSON object; none if it is neither."""
    if not request.is_json:
        return request.form
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # brackets within brackets, thousands deep
        sent = None
    return sent if isinstance(sent, dict) else {}


def sent_text(name: str, default: str = "") -> str:
    found = sent_fields().get(name)
    return default if found is None else str(found)


def wants_json() -> bool:
    return request.is_json or request.accept_mimetypes.best == "application/json"
