"""Confirming an address: one tap in the browser that registered, one button anywhere else."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.consent.acts import CONFIRM, Shown
from course.enrolment import joining, way_back_in
from course.enrolment.enrolments import Participant, participant
from course.enrolment.restart import begin_again
from course.schedule.facts import facts_of
from course.schedule.forecast import lessons_to_come, undisturbed
from course.schedule.said import begins_at, said_of
from web.language import speak_for, words
from web.learner.view.course_view import outline
from web.request import asking_network, current_runtime, see_other
from web.signup.registered import recall

pages = Blueprint("confirming", __name__, url_prefix="/confirm/<token>")

CONFIRM_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invitation(Participant):
    """A confirmation link, opened; `old` if it is past its time, or the links were renewed since.

    `fresh` if nothing was confirmed since its mail: then whoever uses it has just read a mail to this address, and
    is led to the course page. A link that was used may have been forwarded since.
    """

    old: bool
    fresh: bool

    @property
    def course_url(self) -> str:
        return f"/learn/{current_runtime().signer.learn(self.enrolment.id, self.enrolment.generation)}"


@dataclass(frozen=True, slots=True)
class Resumption:
    """With which day a course goes on that was left, and when that comes, in words."""

    day: int
    title: str
    when: str


def _open(session: Session, token: str, *, lock: bool = False) -> Invitation:
    """Raises BadToken or NotFound."""
    runtime = current_runtime()
    enrolment_id, generation, issued = runtime.signer.read_confirm(token)
    at = datetime.fromtimestamp(issued, UTC)
    late = runtime.clock.now() > at + CONFIRM_WITHIN
    who = participant(session, runtime.shelf, enrolment_id, lock=lock)
    speak_for(who.published.course)
    old = late or who.enrolment.generation != generation
    fresh = way_back_in.is_unused(session, who.enrolment, who.learner, at)
    return Invitation(who.enrolment, who.learner, who.published, old, fresh)


@pages.get("")
def ask(token: str) -> str | tuple[str, int]:
    with current_runtime().db.read() as session:
        invitation = _open(session, token)
        already = not way_back_in.can_confirm(session, invitation.enrolment, invitation.learner)
        resumption = _resumption(session, invitation)
        begins = _begins(session, invitation)
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
        resumption=resumption,
        fresh=invitation.fresh,
        begins=begins,
        said=said_of(course, words()),
        same_browser=registered is not None and registered.form.email == invitation.learner.email,
    )


def _begins(session: Session, invitation: Invitation) -> str:
    """When the first lesson comes to who confirms now, in words; empty if at once."""
    facts = facts_of(session, invitation.published, invitation.enrolment)
    at = begins_at(facts, current_runtime().clock.now())
    return words().moment(at, invitation.enrolment.zone) if at else ""


def _resumption(session: Session, invitation: Invitation) -> Resumption | None:
    """For who comes back to a course that they had begun."""
    enrolment = invitation.enrolment
    if enrolment.state != "left" or enrolment.confirmed_at is None:
        return None
    now = current_runtime().clock.now()
    facts = facts_of(session, invitation.published, enrolment)._replace(state="active", resumes_on=None)
    coming = lessons_to_come(undisturbed(facts, now, None), now)
    if not coming or not facts.posted:
        return None
    day = invitation.course.day_of(coming[0].lesson)
    title = invitation.course.lessons[day - 1].title
    return Resumption(day, title, words().moment(coming[0].at, enrolment.zone))


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
        joining.confirm(session, invitation, runtime.clock.times(), shown=_shown())
    return see_other(invitation.course_url if invitation.fresh else f"/confirm/{token}")


def _shown() -> Shown:
    return Shown("confirmation", {"mails": words().of(CONFIRM)})


@pages.post("/anew")
def begin_anew(token: str) -> Response | tuple[str, int]:
    """Confirms, and takes the course from its first day."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        invitation = _open(session, token, lock=True)
        if invitation.old:
            return _show_old(invitation, token)
        if not invitation.fresh:
            return see_other(f"/confirm/{token}")
        joining.confirm(session, invitation, runtime.clock.times(), shown=_shown())
        fresh = begin_again(session, invitation, runtime.clock.now())
    return see_other(f"/learn/{runtime.signer.learn(fresh.id, fresh.generation)}")


@pages.post("/again")
def write_again(token: str) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        invitation = _open(session, token, lock=True)
        asked = way_back_in.Request(way_back_in.from_a_mail(asking_network()))
        way_back_in.write_again(session, invitation.enrolment, invitation.learner, runtime.clock.times(), asked)
    return see_other(f"/courses/{invitation.published.course.slug}/check-your-inbox?again")
