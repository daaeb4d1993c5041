"""Registering: the form's deed, a second look at the address, and the page that says to check the inbox."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from email.utils import parseaddr
from math import ceil

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.consent.acts import SIGN_UP, TRACKING, Purpose, Shown
from course.enrolment import joining
from course.enrolment.allowance.rates import LONGEST_WAIT, Proof
from course.enrolment.allowance.sign_ups import slowed, take_place
from course.enrolment.email_typos import suggested
from course.enrolment.registration import Registration, read_registration
from course.enrolment.way_back_in import Request
from course.errors import Errors, Invalid
from course.language.words import Phrase
from course.publishing.editions import Published
from course.schedule.deliveries import Place
from course.tracking import strictest
from web.language import speak_for, words
from web.learner.view.course_values import Form, shown_again
from web.request import asking_network, current_runtime, see_other
from web.signup.landing import show_landing
from web.signup.person import BUTTON, MOMENT, TRAP, read_shown
from web.signup.proof_of_work import puzzle, solved
from web.signup.registered import Registered, after, recall, remember
from web.site.limits import few_from_here

pages = Blueprint("signup", __name__, url_prefix="/courses/<slug>")

FIELDS = ("email", "name", "zone", "hour", "tracking")
LONGEST_TOLD = 24 * 60
"""Minutes: what an address of ours says of a wait is believed as far as that."""

log = logging.getLogger(__name__)

ONCE_MORE = Phrase(
    "Many people register just now. Please press the button once more: that tells people from programs."
)
TRAPPED = Phrase(
    "A field that people do not see was filled in, perhaps by a program that fills in forms for you. It is empty"
    " again: please press the button once more."
)


@pages.post("/enrol")
def enrol(slug: str) -> Response | str | tuple[str, int]:
    published = _published(slug)
    try:
        form = read_registration(request.form).unless_among(current_runtime().settings.studio_users)
        if request.form.get(TRAP, "").strip():
            raise Invalid({BUTTON: TRAPPED})
    except Invalid as problem:
        return _show_again(published, problem.errors)
    meant = suggested(form.email)
    if meant and "as_typed" not in request.form:
        values = {field: request.form.get(field, "") for field in (*FIELDS, MOMENT)}
        return render_template(
            "signup/did_you_mean.html", course=published.course, typed=form.email, meant=meant, values=values
        )
    runtime = current_runtime()
    real = runtime.clock.real()
    pace = read_shown(runtime.signer, request.form.get(MOMENT, "")).pace(real.timestamp())
    if pace in ("too fast", "too old") and _is_slowed():
        return _show_again(published, {BUTTON: ONCE_MORE}, keep_moment=pace == "too fast")
    proof: Proof = "form" if pace == "human" and few_from_here() else "none"
    place = _register(published, form, proof)
    registered = after(recall(slug), slug, form, real)
    return remember(see_other(_inbox_page(slug, place)), registered)


def _show_again(published: Published, errors: Errors, *, keep_moment: bool = True) -> tuple[str, int]:
    values = {field: shown_again(request.form.get(field, "")) for field in FIELDS}
    if keep_moment and read_shown(current_runtime().signer, request.form.get(MOMENT, "")).at is not None:
        values[MOMENT] = request.form[MOMENT]
    return show_landing(published, Form(values, errors)), 422


def _is_slowed() -> bool:
    runtime = current_runtime()
    with runtime.db.read() as session:
        return slowed(session, runtime.clock.real()) is not None


def _published(slug: str) -> Published:
    with current_runtime().db.read() as session:
        published = current_runtime().shelf.by_slug(session, slug)
    speak_for(published.course)
    return published


def _register(published: Published, form: Registration, proof: Proof, spent: str | None = None) -> Place | None:
    """Takes the sign-up in the place it is given; None, and nothing else, if too many wait already."""
    runtime = current_runtime()
    times = runtime.clock.times()
    with runtime.db.write() as session:
        place = take_place(session, form.email, proof, times.real, spent=spent)
        if place is not None:
            asked = Request(asking_network(), place, _shown(published))
            joining.register(session, published, _with_tracking(published, form), times, asked)
        waits = slowed(session, times.real) if place is not None and place.leaves_at is not None else None
    if waits is not None and waits.waiting == 1:
        log.warning(
            "Sign-ups are being slowed: so many come that who has not shown to be a person waits for the mail."
            " `/readyz` tells how many wait"
        )
    return place


def _inbox_page(slug: str, place: Place | None, otherwise: str = "") -> str:
    """The page that says to check the inbox, and how long that takes if it takes long."""
    page = f"/courses/{slug}/check-your-inbox"
    if place is None:
        return f"{page}?full"
    if place.leaves_at is not None:
        wait = place.leaves_at - current_runtime().clock.real()
        return f"{page}?within={max(1, ceil(wait.total_seconds() / 60))}"
    return page + otherwise


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
    full, within = "full" in request.args, min(request.args.get("within", 0, int), LONGEST_TOLD)
    shows_puzzle = registered is not None and (full or within > 0)
    return render_template(
        "signup/check_inbox.html",
        course=course,
        sender=course.sender or parseaddr(runtime.settings.mail_from)[0],
        inbox_url="/inbox" if runtime.settings.outbox else "",
        email=registered.form.email if registered else "",
        again="again" in request.args,
        wait=_minutes_to_wait(registered) if registered and "early" in request.args else 0,
        full=full,
        within=within,
        slowest=LONGEST_WAIT // timedelta(minutes=1),
        puzzle=json.dumps(puzzle(runtime.settings.secrets, runtime.clock.real())) if shows_puzzle else "",
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
    place = _register(published, registered.form, "form" if few_from_here() else "none")
    again = after(registered, slug, registered.form, real)
    return remember(see_other(_inbox_page(slug, place, "?again")), again)


@pages.post("/check-your-inbox/proof")
def prove(slug: str) -> Response:
    """The browser that registered has solved a puzzle: its mail goes at once, if it waits."""
    published, runtime = _published(slug), current_runtime()
    registered = recall(slug)
    if registered is None:
        return see_other(f"/courses/{slug}#enrol")
    spent = solved(runtime.settings.secrets, request.form.get("proof", ""), runtime.clock.real())
    if spent is None:
        return see_other(f"/courses/{slug}/check-your-inbox?full")
    return see_other(_inbox_page(slug, _register(published, registered.form, "work", spent)))
