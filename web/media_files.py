"""A course's own file as an answer that can do no harm, whatever is in it."""

from pathlib import Path

from flask import send_file
from werkzeug.wrappers import Response

from course.media.kinds import ending_of, mime_of, role_of

LOCKED_UP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For what a browser might run if somebody opens it alone: no script, no request, no origin. Drawings may colour
themselves."""


def media_answer(file: Path, path: str, digest: str = "", max_age: int | None = None) -> Response:
    """Send a file by what its path says that it is. Documents are saved, and never opened on our site.

    With its `digest`, and the seconds that it stays the same, caches may keep it.
    """
    role = role_of(path)
    saved = role not in ("film", "sound", "picture", "captions")
    answer = send_file(
        file,
        mimetype=mime_of(path),
        as_attachment=saved,
        download_name=path.rpartition("/")[2] if saved else None,
        conditional=True,
        etag=digest or True,
        max_age=max_age,
    )
    if saved or ending_of(path) == ".svg":
        answer.headers["Content-Security-Policy"] = LOCKED_UP
    return answer
