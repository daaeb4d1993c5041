"""Registering and confirming."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from course import enrolments, joining
from course.errors import Invalid, NotFound
from course.registration import Registration, read_registration
from course.words import Phrase
from web.here import runtime, see_other
from web.landing import show_landing
from web.present import outline
from web.shown import EnrolForm
from web.spoken import speak_for

pages = Blueprint("signup", __name__)

CONFIRM_WITHIN = timedelta(days=30)
SHOWN_AGAIN = 300
"""How much of a field that cannot be taken is put back into the form."""


@pages.post("/courses/<slug>/enrol")
def enrol(slug: str) -> Response | tuple[str, int]:
    house = runtime()
    with house.db.read() as session:
        published = house.shelf.by_slug(session, slug)
    try:
        form = read_registration(request.form).unless_among(house.settings.studio_users)
    except Invalid as problem:
        fields = ("email", "name", "zone", "hour", "tracking")
        values = {field: _shown_again(request.form.get(field, "")) for field in fields}
        return show_landing(published, EnrolForm(values, problem.errors)), 422
    with house.db.write() as session:
        batches = joining.register(session, published, _with_tracking(form), house.clock.now(), house.clock.real())
    house.queue.hurry(batches)
    return see_other(f"/courses/{slug}/check-your-inbox")


def _shown_again(text: str) -> str:
    return "".join(char for char in text[:SHOWN_AGAIN] if char.isprintable())


def _with_tracking(form: Registration) -> Registration:
    match runtime().settings.tracking:
        case "ask":
            return form
        case setting:
            return replace(form, tracking=setting == "on")


@pages.get("/courses/<slug>/check-your-inbox")
def check_inbox(slug: str) -> str:
    house = runtime()
    with house.db.read() as session:
        course = house.shelf.by_slug(session, slug).course
    speak_for(course)
    sender = course.sender or parseaddr(house.settings.mail_from)[0]
    inbox_url = "/inbox" if house.settings.outbox else ""
    return render_template("check_inbox.html", course=course, sender=sender, inbox_url=inbox_url)


@pages.get("/confirm/<token>")
def ask_to_confirm(token: str) -> str:
    house = runtime()
    with house.db.read() as session:
        enrolment, learner = enrolments.find(session, _enrolment_id(token))
        already = not joining.can_confirm(session, enrolment, learner)
        course = house.shelf.course(session, enrolment.course_id).course
    speak_for(course)
    return render_template(
        "confirm.html",
        course=course,
        action=f"/confirm/{token}",
        outline=outline(course),
        already=already,
        course_url=f"/learn/{house.signer.learn(enrolment.id, enrolment.generation)}" if already else "",
    )


@pages.post("/confirm/<token>")
def confirm(token: str) -> Response:
    house = runtime()
    with house.db.write() as session:
        enrolment, _ = enrolments.find(session, _enrolment_id(token), lock=True)
        published = house.shelf.course(session, enrolment.course_id)
        batches = joining.confirm(session, enrolment.id, published, house.clock.now(), house.clock.real())
        token = house.signer.learn(enrolment.id, enrolment.generation)
    house.queue.hurry(batches)
    return redirect(f"/learn/{token}", 303)


def _enrolment_id(token: str) -> int:
    enrolment_id, issued = runtime().signer.read_confirm(token)
    if runtime().clock.now() - datetime.fromtimestamp(issued, UTC) > CONFIRM_WITHIN:
        raise NotFound(
            Phrase("This confirmation link is over 30 days old. Register again and we send you a new one.")
        )
    return enrolment_id
