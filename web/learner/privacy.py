"""What is held on a learner: theirs to take away, and to have erased."""

import json

from flask import Blueprint, Response, render_template

from course.enrolment import privacy
from course.erasure.copies import remove_copies
from course.erasure.learner import erase as erase_learner
from web.request import current_runtime, open_link

pages = Blueprint("privacy", __name__, url_prefix="/learn/<token>")


@pages.post("/export")
def export(token: str) -> Response:
    """A file to keep. By POST, so that no mail scanner fetches it."""
    with current_runtime().db.read() as session:
        opened = open_link(session, token)
        held = privacy.export(session, opened.learner.id)
    body = json.dumps(held, ensure_ascii=False, indent=2)
    name = f"dayletter-{opened.published.course.slug}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, mimetype="application/json", headers=headers)


@pages.post("/erase")
def erase(token: str) -> str:
    """Answers with the page itself: there is no address left to send the reader to."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token)
        erased = erase_learner(session, opened.learner.id, runtime.clock.now())
    remove_copies(runtime.db, runtime.settings.outbox, erased)
    return render_template("learner/erased.html", course=opened.published.course)
