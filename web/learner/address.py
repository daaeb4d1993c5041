"""Another address for one's mails: asked for here, agreed to from the mails at both ends."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment import change_address
from course.enrolment.registration import read_email
from course.errors import Errors, Invalid
from web.language import speak_for
from web.learner.view.course_values import Form, shown_again
from web.request import Opened, current_runtime, open_link, see_other

pages = Blueprint("address", __name__)


@pages.get("/learn/<token>/settings/address")
def address(token: str) -> str:
    with current_runtime().db.read() as session:
        return _show(session, open_link(session, token), Form())


def _show(session: Session, opened: Opened, form: Form) -> str:
    change = change_address.open_change(session, opened.learner)
    return render_template(
        "learner/address.html",
        course=opened.published.course,
        course_url=opened.url,
        email=opened.learner.email,
        change=change,
        silent=change_address.is_silent(session, opened.learner),
        over=change is not None and change_address.is_over(change, current_runtime().clock.now()),
        reply_to=current_runtime().settings.mail_reply_to,
        form=form,
    )


@pages.post("/learn/<token>/settings/address")
def ask(token: str) -> Response | tuple[str, int]:
    runtime = current_runtime()
    typed = request.form.get("email", "")
    errors: Errors = {}
    email = read_email(typed, errors)
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        try:
            if errors:
                raise Invalid(errors)
            change_address.ask_both_ends(session, opened, email, runtime.clock.times())
        except Invalid as problem:
            return _show(session, opened, Form({"email": shown_again(typed)}, problem.errors)), 422
    return see_other(f"{opened.url}/settings/address")


@pages.post("/learn/<token>/settings/address/drop")
def drop(token: str) -> Response:
    with current_runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        change_address.drop(session, opened.learner)
    return see_other(f"{opened.url}/settings/address")


@pages.get("/agree/<token>")
def question(token: str) -> str:
    return _show_question(token, no=False)


@pages.get("/agree/<token>/no")
def refusal(token: str) -> str:
    return _show_question(token, no=True)


def _show_question(token: str, *, no: bool) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        found = change_address.find_question(session, runtime.signer.read_agree(token))
        course = runtime.shelf.course(session, found.enrolment.course_id).course
    speak_for(course)
    return render_template(
        "learner/agree.html",
        course=course,
        kind=found.delivery.kind,
        standing=change_address.standing(found, runtime.clock.now()),
        new=found.change.email if found.change else "",
        action=f"/agree/{token}",
        no=no,
    )


@pages.post("/agree/<token>")
def agree(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        found = change_address.find_question(session, runtime.signer.read_agree(token), lock=True)
        change_address.agree(session, found, runtime.clock.times())
    return see_other(f"/agree/{token}")


@pages.post("/agree/<token>/no")
def refuse(token: str) -> str:
    """Takes any body, also RFC 8058's, and answers without a redirect, as mailbox providers ask."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        change_address.refuse(
            session, change_address.find_question(session, runtime.signer.read_agree(token), lock=True)
        )
    return _show_question(token, no=True)
