"""A text from elsewhere on disk, or a folder of them, as a new course."""

from pathlib import Path

from course.content.problems import Problem
from course.drafts.starter import course_text, lay_out_files
from course.errors import DayletterError, Refused
from course.incoming.archive import MEGABYTE, MOST_FILES, MOST_PACKED
from course.incoming.whole import Incoming, incoming_file, incoming_folder
from course.language.words import Phrase


def bring_over(lessons_dir: Path, slug: str, title: str, source: Path) -> tuple[Path, tuple[Problem, ...]]:
    """Lay out a course from a file: its folder, and what could not be kept. Without a `title` the file's is taken.

    Raises DayletterError; then nothing was written.
    """
    try:
        incoming = incoming_folder(_contents(source)) if source.is_dir() else _file(source)
    except OSError as problem:
        raise DayletterError(
            Phrase(
                "%(file)s could not be read: %(reason)s. Nothing was changed.",
                {"file": source, "reason": problem.strerror or problem},
            )
        ) from problem
    named = title or incoming.title or slug.replace("-", " ").capitalize()
    page = course_text(named, incoming.landing)
    folder = lay_out_files(lessons_dir, slug, {"course.md": page.encode(), **incoming.files})
    # The landing page's words begin below the front matter.
    below = page.count("\n", 0, page.find(incoming.landing)) if incoming.landing else 0
    return folder, tuple(
        Problem(one.path, one.line + (below if one.path == "course.md" else 0), one.code, one.message)
        for one in incoming.findings
    )


def _file(source: Path) -> Incoming:
    if source.stat().st_size > MOST_PACKED:
        raise Refused(
            Phrase("This file is over %(most)s MB. Take out some pictures.", {"most": MOST_PACKED // MEGABYTE})
        )
    return incoming_file(source.name, source.read_bytes())


def _contents(source: Path) -> dict[str, bytes]:
    """Files by relative path, without hidden ones and links."""
    found = [path for path in sorted(source.rglob("*")) if path.is_file() and not path.is_symlink()]
    seen = [path for path in found if not any(part.startswith(".") for part in path.relative_to(source).parts)]
    if len(seen) > MOST_FILES or sum(path.stat().st_size for path in seen) > MOST_PACKED:
        raise Refused(
            Phrase(
                "This folder holds more than %(most)s MB, more than a text needs.",
                {"most": MOST_PACKED // MEGABYTE},
            )
        )
    return {path.relative_to(source).as_posix(): path.read_bytes() for path in seen}
