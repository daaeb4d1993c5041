"""Leaving: the page, RFC 8058's one-click post, and an undo."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.consent.acts import UNDO, UNSUBSCRIBE, Shown
from course.enrolment import enrolments, leaving
from course.models import Enrolment
from web.language import speak_for, words
from web.learner.view.flash import told_by
from web.request import current_runtime, see_other

pages = Blueprint("preferences", __name__, url_prefix="/unsubscribe/<token>")


@pages.get("")
def ask(token: str) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment, _ = enrolments.find_enrolment(session, runtime.signer.read_unsubscribe(token))
    return _show(token, enrolment.id, done=enrolment.state == "left")


@pages.post("")
def leave(token: str) -> str:
    """Takes any body, also RFC 8058's `List-Unsubscribe=One-Click` and nothing else."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        enrolment_id = runtime.signer.read_unsubscribe(token)
        who = enrolments.participant(session, runtime.shelf, enrolment_id, lock=True)
        speak_for(who.published.course)
        leaving.leave(session, who, runtime.clock.now(), _shown_to_leave())
    return _show(token, enrolment_id, done=True)


@pages.post("/undo")
def undo(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        enrolment_id = runtime.signer.read_unsubscribe(token)
        who = enrolments.participant(session, runtime.shelf, enrolment_id, lock=True)
        speak_for(who.published.course)
        leaving.come_back(session, who, runtime.clock.times(), _shown_to_undo())
        pending = who.enrolment.state == "pending"
        url = _course_url(who.enrolment)
    back = told_by(url, "returned") if url else f"/unsubscribe/{token}?back"
    return see_other(f"/courses/{who.published.course.slug}" if pending else back)


def _shown_to_leave() -> Shown:
    """A mail program's button shows words of its own, which we do not know."""
    if request.form.get("List-Unsubscribe") == "One-Click":
        return Shown("one-click")
    return Shown("unsubscribe page", {"mails": words().of(UNSUBSCRIBE)})


def _shown_to_undo() -> Shown:
    return Shown("unsubscribe page", {"mails": words().of(UNDO)})


def _course_url(enrolment: Enrolment) -> str:
    """Empty once the links were renewed: this page opens from every mail, also from those that were forwarded."""
    if enrolment.generation:
        return ""
    return f"/learn/{current_runtime().signer.learn(enrolment.id, enrolment.generation)}"


def _show(token: str, enrolment_id: int, *, done: bool) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        enrolment, _ = enrolments.find_enrolment(session, enrolment_id)
        course = runtime.shelf.course(session, enrolment.course_id).course
    speak_for(course)
    return render_template(
        "learner/unsubscribe.html",
        course=course,
        action=f"/unsubscribe/{token}",
        done=done,
        back="back" in request.args,
        undo_url=f"/unsubscribe/{token}/undo",
        course_url=_course_url(enrolment),
    )
