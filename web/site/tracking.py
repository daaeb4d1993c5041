"""Open pixel and click links. The reader comes first: recording may fail, the picture and the way on may not.

A pixel's address opens nothing, and a click's mark opens the links of its own mail only: a mail's links are bound
to its text. Of mails from before that, links lead outside as they did; to the learner's own pages they lead by a
mail to the learner.
"""

import logging
from base64 import b64decode
from typing import Literal

from flask import Blueprint, redirect, render_template, request
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment import enrolments, way_back_in
from course.models import Delivery
from course.traces import named
from mailer.hits.record import Hit, record_hit
from mailer.signer import BadToken, Mark
from web.language import speak_for
from web.request import asking_network, current_runtime, may_track, see_other

pages = Blueprint("tracking", __name__)
log = logging.getLogger(__name__)

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@pages.get("/o/<token>.gif")
def opened(token: str) -> Response:
    try:
        delivery = current_runtime().signer.read_pixel(token)
    except BadToken:
        delivery = ""
    if delivery:
        _record(delivery, "opened", "")
    return Response(PIXEL, mimetype="image/gif", headers={"Cache-Control": "no-store"})


@pages.get("/c/<token>/<link>")
def clicked(token: str, link: str) -> Response | str:
    """The address is signed into the link itself: it can be followed without a look-up, and only if it is ours.

    Raises BadToken for a link that belongs to another mail than the mark.
    """
    signer = current_runtime().signer
    try:
        mail, target = signer.read_link(link)
    except BadToken:
        return _former(token, signer.read_former_link(link))
    mark = _mark(token)
    if mark is None or mark.mail != mail:
        return _outside(token, target, is_foreign=mark is not None)
    _record(mark.delivery, "clicked", target)
    if not target.startswith("~/"):
        return redirect(target, 302)
    learn = signer.learn(mark.enrolment, mark.generation)
    return redirect(f"{current_runtime().settings.base_url}/learn/{learn}{target[1:]}", 302)


def _mark(token: str) -> Mark | None:
    try:
        return current_runtime().signer.read_click(token)
    except BadToken:
        return None


def _outside(token: str, target: str, *, is_foreign: bool) -> Response:
    """Where a link leads whose mark cannot be read, since a program has cut or changed it: to a published address
    all the same. Marks of other things than this mail are nobody's slip."""
    if is_foreign or target.startswith("~/") or _is_pixel(token):
        raise BadToken
    return redirect(target, 302)


def _is_pixel(token: str) -> bool:
    try:
        current_runtime().signer.read_pixel(token)
    except BadToken:
        return False
    return True


def _former(token: str, target: str) -> Response | str:
    """A link of a mail from before links were bound to their mail. Raises BadToken."""
    try:
        mark = current_runtime().signer.read_former_mark(token)
    except BadToken:
        if target.startswith("~/"):
            raise
        return redirect(target, 302)
    _record(mark.delivery, "clicked", target)
    if not target.startswith("~/"):
        return redirect(target, 302)
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment, _ = enrolments.find_enrolment(session, mark.enrolment)
        course = runtime.shelf.course(session, enrolment.course_id).course
    speak_for(course)
    return render_template("learner/former_mail.html", course=course, action=f"/c/{token}/mail-link")


@pages.post("/c/<token>/mail-link")
def mail_link(token: str) -> Response:
    """Mail the learner of an earlier mail their link."""
    runtime = current_runtime()
    mark = runtime.signer.read_former_mark(token)
    with runtime.db.write() as session:
        enrolment, learner = enrolments.find_enrolment(session, mark.enrolment, lock=True)
        asked = way_back_in.Request(way_back_in.from_a_mail(asking_network()))
        way_back_in.write_again(session, enrolment, learner, runtime.clock.times(), asked)
    return see_other("/lost-link?sent")


def _record(delivery: str, kind: Literal["opened", "clicked"], link: str) -> None:
    agent = request.headers.get("User-Agent", "")
    runtime = current_runtime()
    if runtime.settings.tracking == "off":  # mails of the time before still hold their marks
        return
    try:
        with runtime.db.jot() as session:
            if _course_counts(session, delivery):
                record_hit(session, Hit(delivery, kind, link, agent, request.method), runtime.clock.real())
    except SQLAlchemyError as problem:
        log.error("A hit could not be recorded (%s); the reader was served all the same", named(problem))


def _course_counts(session: Session, delivery: str) -> bool:
    """Whether the course still has opens and clicks counted: it may have stopped since the mail was sent."""
    course_id = session.scalar(select(Delivery.course_id).where(Delivery.id == delivery))
    return course_id is not None and may_track(current_runtime().shelf.course(session, course_id))
