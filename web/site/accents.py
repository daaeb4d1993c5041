"""A course's own colour on its pages. These take no style within them, so it comes as a sheet of a few lines."""

from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Flask, Response, abort, g

from course.content.colour import COLOUR, Tones, palette

pages = Blueprint("accents", __name__)


@pages.get("/accents/<digits>.css")
def sheet(digits: str) -> Response:
    """The address says all, so it may be cached for good."""
    if not COLOUR.fullmatch(f"#{digits}"):
        abort(404)
    response = Response(_css(f"#{digits}"), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def colour(app: Flask) -> None:
    """Templates get the sheet of the course that the page belongs to, if it has a colour."""
    app.context_processor(lambda: {"accent_sheet": _address(g.get("accent", ""))})


@lru_cache
def _address(accent: str) -> str:
    """Return the sheet's address with its digest: the same colour may have other tones in a later version."""
    return f"/accents/{accent[1:]}.css?{sha256(_css(accent).encode()).hexdigest()[:12]}" if accent else ""


def _css(accent: str) -> str:
    tones = palette(accent)
    # Paper is light, whatever the screen is.
    return f"{_rule(tones.light)}@media screen and (prefers-color-scheme: dark) {{{_rule(tones.dark)}}}\n"


def _rule(tones: Tones) -> str:
    return f":root {{--accent: {tones.accent}; --accent-deep: {tones.deep}; --wash: {tones.wash}}}\n"
