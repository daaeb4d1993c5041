"""Published media files, under addresses that change with their content."""

from flask import Blueprint
from sqlalchemy import select
from werkzeug.wrappers import Response

from course.errors import NotFound
from course.language.words import Phrase
from course.models import CourseRow, Media
from course.publishing.media_store import find_media
from web.media_files import media_answer
from web.request import current_runtime

pages = Blueprint("media", __name__)

FOR_GOOD = 31_536_000


@pages.get("/media/<digest>/<name>")
def media(digest: str, name: str) -> Response:
    runtime = current_runtime()
    with runtime.db.read() as session:
        row = session.execute(
            select(Media.path, CourseRow.slug)
            .join(CourseRow, CourseRow.id == Media.course_id)
            .where(Media.digest == digest)
            .limit(1)
        ).first()
    file = (
        find_media(runtime.settings.var_dir, runtime.settings.lessons_dir, row.slug, row.path, digest)
        if row
        else None
    )
    if row is None or file is None:
        raise NotFound(Phrase("This file is no longer part of a course."))
    # By what was published, not by how the address spells it.
    return media_answer(file, row.path, digest, FOR_GOOD)
