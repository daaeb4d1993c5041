"""The studio's rooms, behind one door."""

import re

from flask import Blueprint, Flask, g
from flask_wtf.csrf import CSRFError
from markupsafe import Markup, escape
from sqlalchemy.exc import OperationalError

from course.errors import DayletterError
from course.language.words import Phrase
from course.settings import Settings
from web.language import said
from web.request import STUDIO_PATH
from web.studio import addresses, courses, learners, log, numbers, publishing, sending
from web.studio.access import guard, signing_in
from web.studio.access.roles import open_to
from web.studio.writing import editor, files, pasting, preview, rehearsal, removing, renaming, uploads

CODE = re.compile("`([^`]*)`")


def add_studio(app: Flask, settings: Settings) -> None:
    guard.protect(app, settings.secrets, https=settings.base_url.startswith("https:"))
    studio = Blueprint("studio", __name__, url_prefix=STUDIO_PATH)
    for room in (
        signing_in,
        courses,
        files,
        editor,
        pasting,
        preview,
        uploads,
        removing,
        renaming,
        rehearsal,
        publishing,
        numbers,
        sending,
        learners,
        addresses,
        log,
    ):
        studio.register_blueprint(room.pages)
    studio.before_request(guard.check)
    studio.register_error_handler(CSRFError, guard.forged)
    studio.register_error_handler(DayletterError, guard.told)
    studio.register_error_handler(OperationalError, guard.database_away)
    for gone in (FileNotFoundError, PermissionError):
        studio.register_error_handler(gone, guard.unreadable)
    studio.context_processor(lambda: {"member": g.get("member")})
    app.jinja_env.filters["coded"] = coded
    app.jinja_env.globals["course_rooms"] = lambda: open_to(guard.member().role)
    app.register_blueprint(studio)


def coded(words: str | Phrase) -> Markup:
    """Set what stands between backticks as code."""
    # As a plain text: what `sub` puts together from a Markup is escaped a second time.
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(said(words)))))  # noqa: S704 - escaped before
