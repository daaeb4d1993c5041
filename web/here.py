"""What views share: the runtime of this process, and opening a learner's link."""

from dataclasses import dataclass

from flask import current_app, redirect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.editions import Published
from course.enrolments import find
from course.errors import NotFound
from course.models import Enrolment, Learner
from mailer.runtime import Runtime

SITE_NAME = "Dayletter"


def runtime() -> Runtime:
    found = current_app.extensions["runtime"]
    assert isinstance(found, Runtime)  # noqa: S101 - narrows the type; create_app put it there
    return found


@dataclass(frozen=True, slots=True)
class Opened:
    """A learner's link, opened."""

    enrolment: Enrolment
    learner: Learner
    published: Published
    token: str

    @property
    def url(self) -> str:
        return f"/learn/{self.token}"


def open_link(session: Session, token: str, *, lock: bool = False) -> Opened:
    """Raises BadToken or NotFound; a link that was renewed since is found no more."""
    house = runtime()
    enrolment_id, generation = house.signer.read_learn(token)
    enrolment, learner = find(session, enrolment_id, lock=lock)
    # An older round's link opens the newest, as long as the learner's links were not renewed.
    if enrolment.generation != generation:
        raise NotFound("This link was replaced by a newer one. Open it from your newest mail.")
    return Opened(enrolment, learner, house.shelf.course(session, enrolment.course_id), token)


def see_other(url: str) -> Response:
    """After a deed: look at the result with a GET, so that reloading repeats nothing."""
    return redirect(url, 303)
