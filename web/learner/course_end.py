"""The end of a course in the learner's own hands: the name on the certificate, and a sentence about it all."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from course.errors import Invalid
from course.learning import feedback, issued
from course.learning.feedback import Opinion
from web.learner.course_page import show_course
from web.learner.view.course_values import Form, shown_again
from web.learner.view.course_view import course_page
from web.request import current_runtime, open_link, see_other

pages = Blueprint("finish", __name__, url_prefix="/learn/<token>")


@pages.post("/name")
def name(token: str) -> Response | tuple[str, int]:
    with current_runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        text = request.form.get("name", "")
        try:
            issued.rename_holder(session, opened, text)
        except Invalid as problem:
            page = course_page(session, opened, current_runtime().clock.now())
            return show_course(page, Form({"name": shown_again(text)}, problem.errors)), 422
    return see_other(f"{opened.url}?saved")


@pages.post("/feedback")
def say(token: str) -> Response | tuple[str, int]:
    now = current_runtime().clock.now()
    with current_runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        words = request.form.get("words", "")
        try:
            feedback.give(session, opened.enrolment, feedback.WHOLE_COURSE, Opinion(words=words), now)
        except Invalid as problem:
            page = course_page(session, opened, now)
            return show_course(page, Form({"words": words}, problem.errors)), 422
    return see_other(f"{opened.url}?saved")
