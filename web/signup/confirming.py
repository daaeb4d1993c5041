"""Confirming an address: one tap in the browser that registered, one button anywhere else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment import joining, way_back_in
from course.enrolment.enrolments import Participant, participant
from web.language import speak_for
from web.learner.view.course_view import outline
from web.request import current_runtime, see_other
from web.signup.registered import recall

pages = Blueprint("confirming", __name__, url_prefix="/confirm/<token>")

CONFIRM_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Invitation(Participant):
    """A confirmation link, opened; `old` if it is past its time, or the links were renewed since."""

    old: bool

    @property
    def course_url(self) -> str:
        return f"/learn/{current_runtime().signer.learn(self.enrolment.id, self.enrolment.generation)}"


def _open(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """Raises BadToken or NotFound."""
    runtime = current_runtime()
    enrolment_id, generation, issued = runtime.signer.read_confirm(token)
    late = runtime.clock.now() > datetime.fromtimestamp(issued, UTC) + CONFIRM_WITHIN
    who = participant(session, runtime.shelf, enrolment_id, lock=lock)
    speak_for(who.published.course)
    old = late or who.enrolment.generation != generation
    return Invitation(who.enrolment, who.learner, who.published, old)


@pages.get("")
def ask(token: str) -> str | tuple[str, int]:
    with current_runtime().db.read() as session:
        invitation = _open(session, token)
        already = not way_back_in.can_confirm(session, invitation.enrolment, invitation.learner)
    if invitation.old:
        return _show_old(invitation, token)
    course = invitation.published.course
    registered = recall(course.slug)
    return render_template(
        "signup/confirm.html",
        course=course,
        action=f"/confirm/{token}",
        outline=outline(course),
        already=already,
        course_url=invitation.course_url if already else "",
        same_browser=registered is not None and registered.form.email == invitation.learner.email,
    )


def _show_old(invitation: Invitation, token: str) -> tuple[str, int]:
    return render_template(
        "signup/old_confirm.html", course=invitation.published.course, action=f"/confirm/{token}/again"
    ), 404


@pages.post("")
def confirm(token: str) -> Response | tuple[str, int]:
    runtime = current_runtime()
    with runtime.db.write() as session:
        invitation = _open(session, token, lock=True)
        if invitation.old:
            return _show_old(invitation, token)
        joining.confirm(session, invitation, runtime.clock.times())
    return see_other(invitation.course_url)


@pages.post("/again")
def write_again(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        invitation = _open(session, token, lock=True)
        way_back_in.write_again(session, invitation.enrolment, invitation.learner, runtime.clock.times())
    return see_other(f"/courses/{invitation.published.course.slug}/check-your-inbox?again")
