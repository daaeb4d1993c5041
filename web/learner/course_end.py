"""The end of a course in the learner's own hands: the name on the certificate, and a sentence about it all."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from course import certified, feedback
from course.errors import Invalid
from web.here import open_link, runtime, see_other
from web.learn import show_course
from web.present import course_page
from web.shown import Form, shown_again

pages = Blueprint("finish", __name__, url_prefix="/learn/<token>")


@pages.post("/name")
def name(token: str) -> Response | tuple[str, int]:
    with runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        text = request.form.get("name", "")
        try:
            certified.rename(session, opened.enrolment, opened.learner, text)
        except Invalid as problem:
            page = course_page(session, opened, runtime().clock.now())
            return show_course(page, Form({"name": shown_again(text)}, problem.errors)), 422
    return see_other(f"{opened.url}?saved")


@pages.post("/feedback")
def say(token: str) -> Response | tuple[str, int]:
    now = runtime().clock.now()
    with runtime().db.write() as session:
        opened = open_link(session, token, lock=True)
        words = request.form.get("words", "")
        try:
            feedback.give(session, opened.enrolment, feedback.WHOLE_COURSE, None, words, now)
        except Invalid as problem:
            page = course_page(session, opened, now)
            return show_course(page, Form({"words": words}, problem.errors)), 422
    return see_other(f"{opened.url}?saved")
