"""Addresses that get no mail any more, for operators: why, since when, and how mail goes there again."""

from dataclasses import replace

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.enrolment import closed_addresses
from web.request import current_runtime, see_other
from web.studio.access.guard import doer
from web.studio.state_words import CLOSED_WORDS

pages = Blueprint("addresses", __name__)

SHOWN = 100


@pages.get("/addresses")
def show() -> str:
    searched = request.args.get("words", "").replace("\0", "").strip()[:200]
    with current_runtime().db.read() as session:
        lines = closed_addresses.closed_addresses(session, searched, SHOWN)
        total = closed_addresses.count(session, searched)
    return render_template(
        "studio/addresses.html",
        lines=lines,
        total=total,
        searched=searched,
        reasons=CLOSED_WORDS,
        complained=closed_addresses.COMPLAINED,
    )


@pages.post("/addresses/allow")
def allow() -> Response:
    runtime = current_runtime()
    by = replace(doer(), why=request.form.get("why", "").strip()[:500])
    with runtime.db.write() as session:
        closed_addresses.allow(session, request.form.get("email", ""), runtime.clock.times(), by)
    return see_other("/studio/addresses")
