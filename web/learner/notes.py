"""What a learner leaves beside a lesson: how far they watched, a note to themselves, an opinion."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from course.errors import Invalid, NotFound
from course.learning import feedback, notes
from course.learning.feedback import Opinion
from course.learning.notes import Report, Writing
from web.learner.lesson import open_lesson, show_again
from web.learner.view.lesson_values import DeedResult
from web.request import current_runtime, see_other, sent_text, wants_json

pages = Blueprint("beside", __name__, url_prefix="/learn/<token>/<slug>")


@pages.post("/watch")
def watch(token: str, slug: str) -> Response:
    """Note how far a video was watched, as the page's script reports it."""
    report = Report(sent_text("video"), sent_text("stopped_at"), sent_text("seen"))
    with current_runtime().db.write() as session:
        opened, lesson = open_lesson(session, token, slug)
        try:
            notes.watch(session, opened.enrolment, lesson, report, current_runtime().clock.now())
        except NotFound as problem:
            return show_again(session, opened, lesson, DeedResult(errors={"video": problem.message}), 404)
        except Invalid as problem:
            return show_again(session, opened, lesson, DeedResult(errors=problem.errors), 422)
    return Response(status=204) if wants_json() else see_other(f"{opened.url}/{slug}")


@pages.post("/note")
def note(token: str, slug: str) -> Response:
    """Answers with the page itself where something was written over: it must be seen once."""
    typed = Writing(sent_text("words"), sent_text("shown"))
    with current_runtime().db.write() as session:
        opened, lesson = open_lesson(session, token, slug)
        try:
            replaced = notes.write_note(session, opened.enrolment, slug, typed, current_runtime().clock.now())
        except Invalid as problem:
            return show_again(session, opened, lesson, DeedResult(errors=problem.errors, typed=typed.text), 422)
        kept = notes.note_of(session, opened.enrolment, slug)
        if replaced and not wants_json():
            return show_again(session, opened, lesson, DeedResult(replaced=replaced))
    if wants_json():
        return jsonify(shown=notes.edition_of_note(kept), replaced=replaced)
    return see_other(f"{opened.url}/{slug}?noted#note")


@pages.post("/feedback")
def opinion(token: str, slug: str) -> Response:
    """`score` and perhaps `words`, else those of before stay; or `remove`."""
    with current_runtime().db.write() as session:
        opened, lesson = open_lesson(session, token, slug)
        before = feedback.given(session, opened.enrolment, slug)
        words = sent_text("words", before.words if before else "")
        try:
            said = Opinion() if sent_text("remove") else Opinion(feedback.read_score(sent_text("score")), words)
            feedback.give(session, opened.enrolment, slug, said, current_runtime().clock.now())
        except Invalid as problem:
            return show_again(session, opened, lesson, DeedResult(errors=problem.errors, opinion=words), 422)
    return see_other(f"{opened.url}/{slug}#feedback")
