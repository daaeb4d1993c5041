"""The brake: all sending held, and let go on."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.errors import Refused
from course.language.words import Phrase
from course.reports.ledger import condition, learners_due
from course.staff.audit_log import log_deed
from mailer.sending.continuity import letting_go_on
from mailer.sending.patience.hold import hold_sending
from web.request import current_runtime, see_other
from web.studio.access.guard import doer

pages = Blueprint("sending", __name__)


@pages.get("/release")
def ahead_of_release() -> str:
    """Show what letting mail go on would set in motion."""
    runtime = current_runtime()
    with runtime.db.read() as session:
        sending = condition(session, runtime.clock.now())
        due = learners_due(session, runtime.clock.now())
    return render_template("studio/release.html", sending=sending, due=due)


@pages.post("/release")
def release() -> Response:
    runtime = current_runtime()
    with letting_go_on(runtime, runtime.clock.real()) as (session, why):
        log_deed(session, doer(), "let sending go on", None, held_because=why or "")
    return see_other("/studio/release")


@pages.post("/hold")
def hold() -> Response:
    runtime, why = current_runtime(), request.form.get("why", "").strip()
    if not why:
        raise Refused(Phrase("Say why sending is to stop: others will want to know. Nothing was changed."))
    with runtime.db.write() as session:
        hold_sending(session, why[:500], runtime.clock.real())
        log_deed(session, doer(), "held sending", None, because=why[:500])
    return see_other("/studio/release")
