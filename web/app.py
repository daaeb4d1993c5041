"""The Flask application: its parts, its headers, its error pages."""

import logging
import threading

from flask import Flask, Response, abort, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from jinja2 import StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from course.again import as_a_whole
from course.errors import NotFound, WrongSchema
from course.language.words import Phrase
from course.traces import named, traced
from course.version import own_version
from mailer.runtime import Runtime, build
from mailer.settings import load
from mailer.signer import BadToken
from web.language import teach
from web.learner import (
    address,
    calendar,
    course_end,
    course_page,
    former_names,
    forwarded,
    lesson,
    lost_links,
    notes,
    privacy,
    steering,
    unsubscribe,
)
from web.request import SITE_NAME, STUDIO_PATH, Replaced, speak_for_site
from web.safe_headers import put_on_every_answer
from web.signup import confirming, landing, signup
from web.site import (
    about,
    accents,
    assets,
    certificates,
    gzip,
    health,
    hooks,
    inbox,
    limits,
    media,
    style_sheets,
    tracking,
    well_known,
)
from web.studio.access import guard
from web.studio.blueprint import add_studio
from web.url_numbers import RowNumber

log = logging.getLogger(__name__)

MAX_FORM_BYTES = 256 * 1024

ROOMS = (
    landing, signup, confirming,
    course_page, lesson, notes, forwarded, steering, calendar, course_end, lost_links, address, privacy,
    unsubscribe,
    tracking, about, certificates, media, accents, style_sheets, hooks, inbox, health, well_known,
)  # fmt: skip

MESSAGES = {
    403: (
        Phrase("Your role does not allow this"),
        Phrase("Ask an operator to do it, or to change your role in STUDIO_USERS."),
    ),
    404: (
        Phrase("This page is not here"),
        Phrase("The link may be cut off, or replaced. Open it from the mail once more."),
    ),
    405: (Phrase("This address takes no such request"), Phrase("Go back and use the button on the page.")),
    410: (
        Phrase("This is no longer here"),
        Phrase("It was taken away for good. The front page shows what there is."),
    ),
    413: (
        Phrase("That was too much at once"),
        Phrase("The form holds more than we take. Shorten it and send it again."),
    ),
    429: (
        Phrase("That was a little fast"),
        Phrase("Many requests came from your connection in a short time. Wait a few minutes, then try again."),
    ),
    503: (
        Phrase("We cannot answer just now"),
        Phrase("Nothing you entered is lost with us. Try again in a minute."),
    ),
}
OTHERWISE = (
    Phrase("That did not work"),
    Phrase("Nothing was changed. Go back, load the page anew, and try once more."),
)


class _Site(Flask):
    def dispatch_request(self) -> ResponseReturnValue:
        """Calls the view, and calls it again where the database broke its transaction off.

        Nothing of it was done then. What a view did in a transaction before that one is a deed like any other:
        twice is once.
        """
        return as_a_whole(super().dispatch_request)


def create_app(runtime: Runtime | None = None) -> Flask:
    """The site; without a runtime, one made from the environment. Raises SettingsError."""
    app = _Site(__name__)
    if runtime is None:
        runtime = build(load())
        # Not waited for: where the database does not answer, a look may take minutes.
        threading.Thread(target=_tell_of_schema, args=(runtime,), daemon=True).start()
    app.extensions["runtime"] = runtime
    app.config["MAX_CONTENT_LENGTH"] = MAX_FORM_BYTES
    # Werkzeug would redirect `//` to an address made from the Host header.
    app.url_map.merge_slashes = False
    # Somebody types a slash too many: the page is there all the same.
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.address_of(app), styles=style_sheets.address_of, site_name=SITE_NAME, version=own_version()
    )
    teach(app)
    accents.colour(app)
    for room in ROOMS:
        app.register_blueprint(room.pages)
    add_studio(app, runtime.settings)
    limits.limit(app, runtime.settings.redis_url or "memory://")
    app.before_request(_refuse_nul)
    app.before_request(former_names.lead_on)
    app.after_request(gzip.compress)
    put_on_every_answer(app, https=runtime.settings.base_url.startswith("https:"))
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Replaced, _replaced)
    app.register_error_handler(BadToken, _bad_token)
    app.register_error_handler(WrongSchema, _wrong_schema)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    return app


def _tell_of_schema(runtime: Runtime) -> None:
    """Who starts a site reads in its log what to run, before the first visitor meets an error."""
    try:
        runtime.db.require_schema()
    except WrongSchema as problem:
        log.error("%s", problem)
    except SQLAlchemyError as problem:
        log.error("The database did not answer (%s)", named(problem))


def _refuse_nul() -> None:
    """No address of ours holds one, and PostgreSQL takes no text with it."""
    if "\0" in request.path:
        abort(404)


def _page(status: int, heading: Phrase, message: Phrase | str) -> tuple[str, int]:
    values = {"status": status, "heading": heading, "message": message}
    if request.path.startswith(STUDIO_PATH):
        template = "studio/error.html" if (member := guard.who_asks()) else "site/error.html"
        return render_template(template, member=member, course_url="", **values), status
    # The site's language where no course is known; but not while it is unwell, as that takes a look into the
    # database.
    if status < 500:
        speak_for_site()
    return render_template("site/error.html", course_url=g.get("course_url", ""), **values), status


def _not_found(problem: NotFound) -> tuple[str, int]:
    return _page(404, MESSAGES[404][0], problem.message)


def _replaced(problem: Replaced) -> tuple[str, int]:
    return render_template("learner/old_link.html", action=f"/learn/{problem.token}/mail-link"), 404


def _bad_token(_problem: BadToken) -> tuple[str, int]:
    return _page(404, *MESSAGES[404])


def _wrong_schema(problem: WrongSchema) -> tuple[str, int]:
    log.error("%s", problem)
    # Not by `_page`, which would ask the database who looks at the studio.
    heading, message = MESSAGES[503]
    return render_template("site/error.html", course_url="", status=503, heading=heading, message=message), 503


def _http_error(problem: HTTPException) -> Response:
    status = problem.code or 500
    if status < 400:
        return Response(problem.get_response().get_data(), status, dict(problem.get_response().headers))
    response = make_response(_page(status, *MESSAGES.get(status, OTHERWISE)))
    if isinstance(problem, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(problem.valid_methods or ()))
    if isinstance(problem, RateLimitExceeded):
        # At the latest: by then the count has begun anew.
        response.headers["Retry-After"] = str(problem.limit.limit.get_expiry())
    return response


def _failure(problem: Exception) -> tuple[str, int]:
    log.error("A request failed\n%s", traced(problem))
    return _page(
        500,
        Phrase("Something broke on our side"),
        Phrase("Nothing you entered is lost with us. Try again in a minute."),
    )
