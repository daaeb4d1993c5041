"""A lesson's earlier names: links in mails that were sent, and pages that are still open, lead on."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from course.publishing.rename_lessons import name_of_today
from web.request import current_runtime


def lead_on() -> Response | None:
    """Lead a request for a lesson's earlier name on, before any view sees it: a look is redirected, a deed is done
    under today's name."""
    named = request.view_args or {}
    if request.endpoint is None or not {"token", "slug"} <= named.keys():
        return None
    enrolment_id, _ = current_runtime().signer.read_learn(named["token"])
    with current_runtime().db.read() as session:
        today = name_of_today(session, enrolment_id, named["slug"])
    if today is None:
        return None
    named["slug"] = today
    return redirect(url_for(request.endpoint, **named), 302) if request.method in ("GET", "HEAD") else None
