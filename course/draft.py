"""A course folder as an author left it, checked."""

from course.library import Folder
from course.parse import Parsed, parse_course


def check(folder: Folder) -> Parsed:
    """The draft parsed, with the problems of reading it among the others."""
    parsed = parse_course(folder.slug, folder.texts, folder.media.keys())
    return Parsed(parsed.course, tuple(sorted({*folder.problems, *parsed.problems})))
