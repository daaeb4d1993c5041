"""The way into the studio: ask for a link, use it, leave.

The link works in the browser in which it was asked for. Another one needs six digits which that first one
shows: who gets hold of a mail has only half of what it takes, and a link put before somebody signs nobody in.
"""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from course.enrolment.registration import read_email
from course.errors import NotFound
from course.ids import new_id, new_secret
from course.language.words import Phrase
from course.staff import signing_in
from course.staff.allowance import Asker
from course.staff.audit_log import Doer, log_deed
from mailer.signer import BadToken
from web.cookies import drop_cookie, sent_cookie, set_cookie
from web.request import STUDIO_PATH, asking_network, current_runtime, see_other
from web.studio.access.guard import COOKIE, doer, member
from web.studio.access.known_browser import KNOWN_COOKIE, KNOWN_FOR, recall

pages = Blueprint("signing_in", __name__)

CUT_OFF = Phrase("This link is cut off or altered. Ask for a new one.")
ASKING_COOKIE = "dayletter_asked"


@pages.get("/sign-in")
def form() -> str:
    return render_template("studio/sign_in.html", email="", problem="")


@pages.post("/sign-in")
def ask() -> Response | tuple[str, int]:
    """Answer every address alike, after the same work: a worker decides who may enter."""
    runtime = current_runtime()
    typed = request.form.get("email", "")
    email = read_email(typed, {})
    if not email:
        problem = Phrase("This is no e-mail address. Type it as in name@example.org.")
        return render_template("studio/sign_in.html", email=typed[:300], problem=problem), 422
    secret, browser = new_id(), sent_cookie(ASKING_COOKIE) or new_secret()
    known = recall().name_for(email)
    asker = Asker(asking_network(), signing_in.digest(browser), known, runtime.clock.real())
    with runtime.db.write() as session:
        signing_in.ask_for_link(session, secret, email, asker)
    if not runtime.queue.sign_in(secret):
        problem = Phrase("The mail could not be handed over just now. Try again in a minute.")
        return render_template("studio/sign_in.html", email=email, problem=problem), 503
    answer = see_other(f"{STUDIO_PATH}/sign-in/asked")
    set_cookie(answer, ASKING_COOKIE, browser, signing_in.LINK_LASTS.total_seconds(), STUDIO_PATH)
    return answer


@pages.get("/sign-in/asked")
def asked() -> str | Response:
    browser = sent_cookie(ASKING_COOKIE)
    if not browser:
        return see_other(f"{STUDIO_PATH}/sign-in")
    return render_template(
        "studio/asked.html",
        code=signing_in.code_of(signing_in.digest(browser)),
        inbox_url="/inbox" if current_runtime().settings.outbox else "",
    )


@pages.get("/sign-in/<token>")
def link(token: str) -> str:
    runtime = current_runtime()
    with runtime.db.read() as session:
        found = signing_in.look_at_link(session, runtime.signer.read_sign_in(token), runtime.clock.real())
    return render_template("studio/enter.html", token=token, same_browser=found.browser == _browser())


@pages.post("/sign-in/<token>")
def enter(token: str) -> Response | tuple[str, int]:
    runtime = current_runtime()
    code = "".join(request.form.get("code", "").split())
    with runtime.db.write() as session:
        real = runtime.clock.real()
        opened = signing_in.use_link(session, runtime.signer.read_sign_in(token), _browser(), code, real)
        if opened is not None:
            log_deed(session, Doer(opened[0], real), "signed in", None)
    if opened is None:
        problem = Phrase("These were not the six digits. The link is spent now; ask for a new one.")
        return render_template("studio/sign_in.html", email="", problem=problem), 422
    answer = see_other(STUDIO_PATH)
    set_cookie(answer, COOKIE, opened[1], signing_in.ENDS_AFTER.total_seconds(), STUDIO_PATH)
    set_cookie(answer, KNOWN_COOKIE, recall().after(opened[0]).signed(), KNOWN_FOR.total_seconds(), STUDIO_PATH)
    drop_cookie(answer, ASKING_COOKIE, STUDIO_PATH)
    return answer


@pages.get("/you")
def you() -> str:
    return render_template("studio/you.html")


@pages.post("/sign-out")
def leave() -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        signing_in.sign_out(session, sent_cookie(COOKIE))
        log_deed(session, doer(), "signed out", None)
    return _left()


@pages.post("/sign-out-everywhere")
def leave_everywhere() -> Response:
    runtime = current_runtime()
    with runtime.db.write() as session:
        signing_in.sign_out_everywhere(session, member().email)
        log_deed(session, doer(), "signed out everywhere", None)
    return _left()


@pages.errorhandler(NotFound)
@pages.errorhandler(BadToken)
def no_such_link(problem: Exception) -> tuple[str, int]:
    message = problem.message if isinstance(problem, NotFound) else CUT_OFF
    return render_template("studio/sign_in.html", email="", problem=message), 404


def _left() -> Response:
    answer = see_other(f"{STUDIO_PATH}/sign-in")
    drop_cookie(answer, COOKIE, STUDIO_PATH)
    return answer


def _browser() -> str:
    """The digest of the asking browser's cookie; of nothing, which no link was asked for with."""
    return signing_in.digest(sent_cookie(ASKING_COOKIE))
