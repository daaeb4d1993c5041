"""What is held on a learner: theirs to take away or have erased, from a mail to them, never by a link alone."""

import json

from flask import Blueprint, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from course.enrolment import privacy, wishes
from course.enrolment.wishes import Deed, Wish
from course.erasure.copies import remove_copies
from course.erasure.learner import erase
from course.errors import NotFound
from web.language import speak_for
from web.request import asking_network, current_runtime, open_link, see_other

pages = Blueprint("privacy", __name__)


@pages.post("/learn/<token>/export")
def ask_for_export(token: str) -> Response:
    return _ask(token, "export")


@pages.post("/learn/<token>/erase")
def ask_for_erasure(token: str) -> Response:
    return _ask(token, "erase")


def _ask(token: str, deed: Deed) -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        opened = open_link(session, token, lock=True)
        wishes.ask_by_mail(session, opened, deed, runtime.clock.times(), asking_network())
    return see_other(f"{opened.url}/settings/{deed}")


@pages.get("/learn/<token>/settings/<any(export, erase):deed>")
def asked(token: str, deed: Deed) -> str:
    """Look at what comes next, whether or not another mail has left just now."""
    runtime = current_runtime()
    with runtime.db.read() as session:
        opened = open_link(session, token)
        silent = wishes.is_silent(session, opened.learner)
    return render_template(
        "learner/asked.html",
        course=opened.published.course,
        course_url=opened.url,
        deed=deed,
        silent=silent,
        email=opened.learner.email,
        reply_to=runtime.settings.mail_reply_to,
        inbox_url="/inbox" if runtime.settings.outbox else "",
    )


@pages.get("/wish/<token>")
def look(token: str) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        wish = _open(session, token)
        held = wishes.held_on(session, wish.learner)
        course = runtime.shelf.course(session, wish.enrolment.course_id).course
    return render_template("learner/wish.html", course=course, deed=wish.deed, held=held, action=f"/wish/{token}")


@pages.post("/wish/<token>")
def fulfil(token: str) -> Response | str:
    """The export is a file to keep; the erasure answers with the page itself, as there is no address left to send
    the reader to."""
    runtime = current_runtime()
    with runtime.db.write() as session:
        wish = _open(session, token)
        course = runtime.shelf.course(session, wish.enrolment.course_id).course
        if wish.deed == "export":
            wish = _open(session, token, lock=True)
            wishes.settle(wish, runtime.clock.now())
            return _file(session, wish, course.slug)
        # It locks what it removes in an order of its own.
        erased = erase(session, wish.learner.id, runtime.clock.now())
    remove_copies(runtime.db, runtime.settings.outbox, erased)
    return render_template("learner/erased.html", course=course)


@pages.post("/wish/<token>/export")
def take_along(token: str) -> Response:
    """The file, for who is about to have all of it erased."""
    with current_runtime().db.read() as session:
        wish = _open(session, token)
        if wish.deed != "erase":
            raise NotFound(wishes.SPENT)
        slug = current_runtime().shelf.course(session, wish.enrolment.course_id).course.slug
        return _file(session, wish, slug)


def _open(session: Session, token: str, *, lock: bool = False) -> Wish:
    """Raises BadToken and NotFound."""
    runtime = current_runtime()
    delivery, generation = runtime.signer.read_wish(token)
    wish = wishes.find_wish(session, delivery, generation, runtime.clock.now(), lock=lock)
    speak_for(runtime.shelf.course(session, wish.enrolment.course_id).course)
    return wish


def _file(session: Session, wish: Wish, course: str) -> Response:
    body = json.dumps(privacy.export(session, wish.learner.id), ensure_ascii=False, indent=2)
    headers = {
        "Content-Disposition": f'attachment; filename="dayletter-{course}.json"',
        "Cache-Control": "no-store",
    }
    return Response(body, mimetype="application/json", headers=headers)
