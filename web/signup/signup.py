"""Registering: the form's deed, a second look at the address, and the page that says to check the inbox."""

from dataclasses import replace
from email.utils import parseaddr
from math import ceil

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.consent.acts import SIGN_UP, TRACKING, Purpose, Shown
from course.enrolment import joining
from course.enrolment.email_typos import suggested
from course.enrolment.registration import Registration, read_registration
from course.errors import Invalid
from course.publishing.editions import Published
from course.tracking import strictest
from web.language import speak_for, words
from web.learner.view.course_values import Form, shown_again
from web.request import current_runtime, see_other
from web.signup.landing import show_landing
from web.signup.registered import Registered, after, recall, remember

pages = Blueprint("signup", __name__, url_prefix="/courses/<slug>")

FIELDS = ("email", "name", "zone", "hour", "tracking")


@pages.post("/enrol")
def enrol(slug: str) -> Response | str | tuple[str, int]:
    published = _published(slug)
    try:
        form = read_registration(request.form).unless_among(current_runtime().settings.studio_users)
    except Invalid as problem:
        values = {field: shown_again(request.form.get(field, "")) for field in FIELDS}
        return show_landing(published, Form(values, problem.errors)), 422
    meant = suggested(form.email)
    if meant and "as_typed" not in request.form:
        values = {field: request.form.get(field, "") for field in FIELDS}
        return render_template(
            "signup/did_you_mean.html", course=published.course, typed=form.email, meant=meant, values=values
        )
    _register(published, form)
    registered = after(recall(slug), slug, form, current_runtime().clock.real())
    return remember(see_other(f"/courses/{slug}/check-your-inbox"), registered)


def _published(slug: str) -> Published:
    with current_runtime().db.read() as session:
        published = current_runtime().shelf.by_slug(session, slug)
    speak_for(published.course)
    return published


def _register(published: Published, form: Registration) -> None:
    runtime = current_runtime()
    with runtime.db.write() as session:
        form, shown = _with_tracking(published, form), _shown(published)
        joining.register(session, published, form, runtime.clock.times(), shown=shown)


def _shown(published: Published) -> Shown:
    """What the form says beside its button, and beside the box where it has one."""
    said: dict[Purpose, str] = {"mails": words().of(SIGN_UP)}
    if strictest(current_runtime().settings.tracking, published.course.tracking) == "ask":
        said["tracking"] = words().of(TRACKING)
    return Shown("sign-up page", said)


def _with_tracking(published: Published, form: Registration) -> Registration:
    match strictest(current_runtime().settings.tracking, published.course.tracking):
        case "ask":
            return form
        case setting:
            return replace(form, tracking=setting == "on")


@pages.get("/check-your-inbox")
def check_inbox(slug: str) -> str:
    """Show what was typed in this browser, and no more: the page is the same for known and unknown addresses."""
    runtime = current_runtime()
    course = _published(slug).course
    registered = recall(slug)
    return render_template(
        "signup/check_inbox.html",
        course=course,
        sender=course.sender or parseaddr(runtime.settings.mail_from)[0],
        inbox_url="/inbox" if runtime.settings.outbox else "",
        email=registered.form.email if registered else "",
        again="again" in request.args,
        wait=_minutes_to_wait(registered) if registered and "early" in request.args else 0,
    )


def _minutes_to_wait(registered: Registered) -> int:
    return ceil((registered.next_at - current_runtime().clock.real()).total_seconds() / 60)


@pages.post("/check-your-inbox")
def send_again(slug: str) -> Response:
    published = _published(slug)
    registered, real = recall(slug), current_runtime().clock.real()
    if registered is None:
        return see_other(f"/courses/{slug}#enrol")
    if real < registered.next_at:
        return see_other(f"/courses/{slug}/check-your-inbox?early")
    _register(published, registered.form)
    again = after(registered, slug, registered.form, real)
    return remember(see_other(f"/courses/{slug}/check-your-inbox?again"), again)
