"""The style sheets of each room of the site, joined: a page links those of every page, and at most one more."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort

pages = Blueprint("style_sheets", __name__)

FOLDER = Path(__file__).parents[1] / "styles"
ROOMS = {
    "site": ("tokens", "ground", "type", "forms", "pieces"),
    "signup": ("landing",),
    "learner": ("course", "lesson", "checklist"),
    "certificate": ("certificate",),
    "inbox": ("inbox",),
    "studio": ("studio", "tables", "plots", "writing"),
}
"""The files in `styles/`, by their room, in the order in which their rules apply."""


@pages.get("/styles/<room>.css")
def sheet(room: str) -> Response:
    """All sheets of a room. Its address changes with what they say, so it may be cached for good."""
    if room not in ROOMS:
        abort(404)
    response = Response(_joined(room), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@lru_cache
def address_of(room: str) -> str:
    """For templates: where the sheets of that room are, with the digest of what they say."""
    return f"/styles/{room}.css?{sha256(_joined(room).encode()).hexdigest()[:12]}"


@lru_cache
def _joined(room: str) -> str:
    return "\n".join((FOLDER / room / f"{name}.css").read_text() for name in ROOMS[room])
