"""Who did what, for operators."""

from flask import Blueprint, render_template, request

from course.staff import audit_log
from web.request import current_runtime
from web.studio.log_words import DEEDS, DETAILS
from web.url_numbers import row_number

pages = Blueprint("log", __name__)

PAGE = 100


@pages.get("/log")
def show() -> str:
    with current_runtime().db.read() as session:
        found = audit_log.newest_deeds(session, PAGE, request.args.get("before", type=row_number))
    older = found[-1][0].id if len(found) == PAGE else None
    return render_template("studio/log.html", deeds=found, older=older, deed_words=DEEDS, detail_words=DETAILS)
