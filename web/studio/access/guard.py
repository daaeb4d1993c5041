"""Every request to the studio passes here first: session, role, forged requests, how much may be sent."""

import logging
from contextlib import suppress

from flask import Flask, abort, current_app, g, render_template, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.wrappers import Response

from course.errors import DayletterError, NotFound
from course.language.words import Phrase
from course.staff import signing_in
from course.staff.audit_log import Doer
from course.staff.signing_in import Member
from course.traces import named
from web.cookies import cookie_name, cookie_path, sent_cookie
from web.language import speak_as_asked
from web.request import STUDIO_PATH, current_runtime, see_other
from web.studio.access.roles import ROLES, suffices

log = logging.getLogger(__name__)

COOKIE = "dayletter_studio"
MAX_TEXT_FORM_BYTES = 4 * 1024 * 1024
"""A text of 1 MB may take three times that in a form."""

MAX_UPLOAD_BYTES = 512 * 1024 * 1024
UPLOADS = "studio.uploads.take"


def protect(app: Flask, secrets: tuple[str, ...], *, https: bool) -> None:
    """Tokens against forged requests: checked in the studio only, where a cookie says who one is."""
    app.secret_key = secrets[0]
    app.config.update(
        SECRET_KEY_FALLBACKS=list(secrets[1:]),
        SESSION_COOKIE_NAME=cookie_name("dayletter_forms", https=https),
        SESSION_COOKIE_PATH=cookie_path(STUDIO_PATH, https=https),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_CHECK_DEFAULT=False,
        # An author may write for hours before saving; the token goes with the browser's session.
        WTF_CSRF_TIME_LIMIT=None,
        # It would read the Referer, which our Referrer-Policy keeps browsers from sending.
        WTF_CSRF_SSL_STRICT=False,
    )
    CSRFProtect(app)


def check() -> Response | tuple[str, int] | None:
    """Check a request before its view sees it; returns what to answer instead, if anything."""
    speak_as_asked()
    request.max_content_length = MAX_UPLOAD_BYTES if request.endpoint == UPLOADS else MAX_TEXT_FORM_BYTES
    request.max_form_memory_size = MAX_TEXT_FORM_BYTES
    least = ROLES[(request.endpoint or "").removeprefix("studio.")]
    g.member = found = _member()
    if least is not None:
        if found is None:
            return _signed_out()
        if not suffices(found.role, least):
            abort(403)
    csrf: CSRFProtect = current_app.extensions["csrf"]
    csrf.protect()
    return None


def forged(_problem: CSRFError) -> tuple[str, int]:
    """A form that is not ours, or that was opened before its browser lost its cookies."""
    return render_template("studio/stale.html", text=request.form.get("text", "")), 400


def database_away(problem: OperationalError) -> tuple[str, int]:
    """A text that came with the request is shown again: nobody should have to write it twice."""
    log.error("The database failed in the studio: %s", named(problem))
    return render_template("studio/away.html", text=request.form.get("text", "")), 503


def told(problem: DayletterError) -> tuple[str, int]:
    """Show a problem that a person can mend, in words."""
    status = 404 if isinstance(problem, NotFound) else 422
    return render_template("studio/told.html", problem=problem.message), status


def unreadable(problem: OSError) -> tuple[str, int]:
    """A file of a draft that has gone since the folder was listed, or that we may not read."""
    log.warning("A file of a draft could not be read: %s", problem)
    name = str(problem.filename).rpartition("/")[2]
    message = Phrase(
        "`%(file)s` cannot be read just now: it has gone meanwhile, or is closed to us. Look again.",
        {"file": name},
    )
    return render_template("studio/told.html", problem=message), 422


def member() -> Member:
    found = g.member
    assert isinstance(found, Member)  # noqa: S101 - narrows the type; `check` has seen to it
    return found


def who_asks() -> Member | None:
    """Return who is signed in, for error pages: also at addresses that are none of ours, which `check` does not
    see."""
    speak_as_asked()
    try:
        return g.member if "member" in g else _member()
    except SQLAlchemyError:
        return None


def doer() -> Doer:
    """Whoever acts in this request, for the log."""
    return Doer(member().email, current_runtime().clock.real())


def _member() -> Member | None:
    secret = sent_cookie(COOKIE)
    if not secret:
        return None
    runtime = current_runtime()
    real = runtime.clock.real()
    with runtime.db.read() as session:
        found = signing_in.find_session(session, secret, real)
    if found is None or found.email not in runtime.settings.studio_users:
        return None
    if signing_in.is_worth_noting(found, real):
        # On a full disk it could not be noted; the session would only end sooner.
        with suppress(OperationalError), runtime.db.jot() as session:
            signing_in.seen(session, found.id, real)
    return Member(found.email, runtime.settings.studio_users[found.email])


def _signed_out() -> Response | tuple[str, int]:
    """To the sign-in page; but a text that came with the request is shown again, so that it is not lost."""
    if request.method in ("GET", "HEAD"):
        return see_other(f"{STUDIO_PATH}/sign-in")
    return render_template("studio/signed_out.html", text=request.form.get("text", "")), 401
