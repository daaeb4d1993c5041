"""Learners of a course, for operators: find, see what was sent and what is planned, enrol, erase."""

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.addresses.marks import stripped
from course.content.course import title_of
from course.content.mails import MAILS
from course.content.slugs import LONGEST_SLUG
from course.enrolment import enrolments, privacy
from course.enrolment.enrolments import Participant
from course.enrolment.joining import admit, register
from course.enrolment.registration import read_registration
from course.errors import Errors, Invalid, NotFound, Refused
from course.language.words import Phrase
from course.learning import resend
from course.models import Enrolment, Learner
from course.publishing.editions import Published
from course.reports import roster
from course.reports.mail_history import story_of
from course.reports.undelivered import unreachable
from course.schedule.posted import NEVER_CAME
from course.schedule.reasons import PACE_WORDS
from course.staff.audit_log import log_deed
from web.language import hours, words
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.state_words import DID_WORDS, MAIL_STATE_WORDS, STANDING
from web.studio.writing.open_draft import open_desk

pages = Blueprint("learners", __name__, url_prefix="/courses/<slug>/learners")

SHOWN = 100


@pages.get("")
def find(slug: str) -> str:
    return _show(slug, {})


@pages.post("")
def enrol(slug: str) -> Response | tuple[str, int]:
    """Enrol a learner. With `confirmed` the operator vouches for their consent; otherwise they are asked by mail
    first."""
    runtime = current_runtime()
    tracking = "1" if runtime.settings.tracking == "on" else ""
    try:
        fields = {**request.form.to_dict(), "tracking": tracking}
        form = read_registration(fields).unless_among(runtime.settings.studio_users)
        with runtime.db.write() as session:
            published = runtime.shelf.by_slug(session, slug)
            take = admit if request.form.get("confirmed") else register
            take(session, published, form, runtime.clock.times())
            log_deed(session, doer(), "enrolled a learner", published.id)
    except Invalid as problem:
        return _show(slug, problem.errors), 422
    return see_other(f"{open_desk(slug).url}/learners?words={form.email}")


@pages.get("/<int:enrolment_id>")
def story(slug: str, enrolment_id: int) -> str:
    runtime, desk = current_runtime(), open_desk(slug)
    with runtime.db.read() as session:
        published = runtime.shelf.by_slug(session, slug)
        enrolment, learner = _found(session, published, enrolment_id)
        told = story_of(session, published, enrolment, runtime.clock.now(), words())
        waiting = unreachable(session, [enrolment.id])
    return render_template(
        "studio/learner.html",
        desk=desk,
        enrolment=enrolment,
        learner=learner,
        story=told,
        standing=STANDING,
        unreachable=bool(waiting),
        pace=PACE_WORDS[enrolment.pace],
        kinds=MAILS,
        mail_words=MAIL_STATE_WORDS,
        never_came=NEVER_CAME,
    )


@pages.post("/<int:enrolment_id>/send-again")
def send_again(slug: str, enrolment_id: int) -> Response:
    """One lesson whose mail failed."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        published = runtime.shelf.by_slug(session, slug)
        who = Participant(*_found(session, published, enrolment_id, lock=True), published)
        lesson = request.form.get("lesson", "")
        resend.send_again(session, who, lesson, runtime.clock.times())
        log_deed(session, doer(), "sent lessons again", published.id, lessons=[lesson])
    return see_other(f"{open_desk(slug).url}/learners/{who.enrolment.id}")


@pages.post("/<int:enrolment_id>/erase")
def erase(slug: str, enrolment_id: int) -> Response:
    """Everything that is held on the learner, in all courses; the address is typed once more to be sure."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        published = runtime.shelf.by_slug(session, slug)
        _, learner = _found(session, published, enrolment_id)
        if stripped(request.form.get("email", "")).lower() != learner.email:
            raise Refused(
                Phrase("This is not the learner's address, so nothing was erased. Type it as it is shown.")
            )
        privacy.erase(session, learner.id)
        log_deed(session, doer(), "erased a learner", published.id)
    return see_other(f"{open_desk(slug).url}/learners")


def _found(
    session: Session, published: Published, enrolment_id: int, *, lock: bool = False
) -> tuple[Enrolment, Learner]:
    enrolment, learner = enrolments.find_enrolment(session, enrolment_id, lock=lock)
    if enrolment.course_id != published.id:
        raise NotFound(Phrase("This learner is not in this course."))
    return enrolment, learner


def _show(slug: str, errors: Errors) -> str:
    runtime, desk = current_runtime(), open_desk(slug)
    searched = request.args.get("words", "").replace("\0", "").strip()[:200]
    with runtime.db.read() as session:
        try:
            published = runtime.shelf.by_slug(session, slug)
        except NotFound:
            return render_template("studio/learners.html", desk=desk, published=False)
        wanted = _wanted(published, searched)
        lines, total = roster.roster(session, wanted, SHOWN), roster.count(session, wanted)
    return render_template(
        "studio/learners.html",
        desk=desk,
        published=True,
        searched=searched,
        did=DID_WORDS[wanted.did] if wanted.did else "",
        lesson=title_of(published.course, wanted.lesson),
        lines=lines,
        total=total,
        standing=STANDING,
        errors=errors,
        form=request.form,
        hours=hours(),
    )


def _wanted(published: Published, searched: str) -> roster.Wanted:
    """Everybody, or those behind a number; what is asked for in an unknown word is everybody."""
    did = request.args.get("did", "")
    lesson = request.args.get("lesson", "")[:LONGEST_SLUG]
    for known in DID_WORDS:
        if known == did:
            return roster.Wanted(published.id, searched, lesson, known)
    return roster.Wanted(published.id, searched)
