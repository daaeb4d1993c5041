"""Text pasted from another program into the editor."""

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from course.errors import Refused
from course.incoming.clipboard import pasted
from course.language.words import Phrase
from web.language import said, words
from web.studio.writing.apart import TooMuch, apart
from web.studio.writing.open_draft import open_desk

TOO_MUCH = Phrase("This is too much to convert at once. Paste it in smaller parts.")

pages = Blueprint("pasting", __name__, url_prefix="/courses/<slug>")


@pages.post("/paste")
def paste(slug: str) -> Response | tuple[Response, int]:
    """Convert the HTML of a clipboard; stores nothing. `markdown` is null where the plain text says as much."""
    open_desk(slug)
    try:
        converted = apart.do(pasted, request.form.get("html", ""))
    except Refused as problem:
        return jsonify(markdown=None, said=said(problem.message), findings=[]), 422
    except TooMuch:
        return jsonify(markdown=None, said=said(TOO_MUCH), findings=[]), 422
    if converted is None:
        return jsonify(markdown=None, said="", findings=[])
    lost = len(converted.findings)
    return jsonify(
        markdown=converted.markdown,
        said=words().ngettext(
            "Pasted as Markdown. One thing could not be kept.",
            "Pasted as Markdown. %(num)s things could not be kept.",
            lost,
        )
        if lost
        else said(Phrase("Pasted as Markdown.")),
        findings=[{"line": problem.line, "message": said(problem.message)} for problem in converted.findings],
    )
