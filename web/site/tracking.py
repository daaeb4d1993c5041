"""Open pixel and click links. The reader comes first: recording may fail, the picture and the way on may not."""

import logging
from base64 import b64decode
from typing import Literal

from flask import Blueprint, redirect, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.models import Enrolment
from course.traces import named
from mailer.hits.record import Hit, record_hit
from mailer.signer import BadToken, Mark
from web.request import current_runtime, may_track

pages = Blueprint("tracking", __name__)
log = logging.getLogger(__name__)

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@pages.get("/o/<token>.gif")
def opened(token: str) -> Response:
    mark = _mark(token)
    if mark is not None:
        _record(mark, "opened", "")
    return Response(PIXEL, mimetype="image/gif", headers={"Cache-Control": "no-store"})


@pages.get("/c/<token>/<link>")
def clicked(token: str, link: str) -> Response:
    """The address is signed into the link itself: it can be followed without a look-up, and only if it is ours."""
    target = current_runtime().signer.read_link(link)
    mark = _mark(token)
    if mark is not None:
        _record(mark, "clicked", target)
    return redirect(_resolved(target, mark), 302)


def _mark(token: str) -> Mark | None:
    try:
        return current_runtime().signer.read_mark(token)
    except BadToken:
        return None


def _resolved(target: str, mark: Mark | None) -> str:
    """`~/lesson` is a page of the learner's own."""
    if not target.startswith("~/"):
        return target
    if mark is None:
        raise BadToken
    token = current_runtime().signer.learn(mark.enrolment, mark.generation)
    return f"{current_runtime().settings.base_url}/learn/{token}{target[1:]}"


def _record(mark: Mark, kind: Literal["opened", "clicked"], link: str) -> None:
    agent = request.headers.get("User-Agent", "")
    runtime = current_runtime()
    if runtime.settings.tracking == "off":  # mails of the time before still hold their marks
        return
    try:
        with runtime.db.jot() as session:
            if _course_counts(session, mark):
                record_hit(session, Hit(mark, kind, link, agent, request.method), runtime.clock.real())
    except SQLAlchemyError as problem:
        log.error("A hit could not be recorded (%s); the reader was served all the same", named(problem))


def _course_counts(session: Session, mark: Mark) -> bool:
    """Whether the course still has opens and clicks counted: it may have stopped since the mail was sent."""
    course_id = session.scalar(select(Enrolment.course_id).where(Enrolment.id == mark.enrolment))
    return course_id is not None and may_track(current_runtime().shelf.course(session, course_id))
