"""A new course on disk: a folder that teaches how to fill it."""

import json
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory

from course.content.files.frame import frame_of
from course.content.slugs import SLUG
from course.drafts.atomic import to_disk, write_whole
from course.errors import DayletterError
from course.language.words import Phrase


def starter_files(title: str) -> dict[str, str]:
    """The texts of a course that has just begun, by path."""
    found = dict(_texts(files("course.drafts") / "starter", ""))
    # JSON's strings are YAML's: whatever stands in a title, it stays a title.
    return found | {
        "course.md": Template(found["course.md"]).substitute(title=json.dumps(title, ensure_ascii=False))
    }


def lay_out(lessons_dir: Path, slug: str, title: str) -> Path:
    """A new folder with an example in it. Raises DayletterError, as `lay_out_files` does."""
    return lay_out_files(lessons_dir, slug, {path: text.encode() for path, text in starter_files(title).items()})


def course_text(title: str, landing: str) -> str:
    """A course's page that has just begun, with these words for the landing page if there are any."""
    text = starter_files(title)["course.md"]
    frame = frame_of(text)
    return f"{text[: frame.end]}{landing.strip()}\n" if frame and landing.strip() else text


def lay_out_files(lessons_dir: Path, slug: str, contents: Mapping[str, bytes]) -> Path:
    """The new folder, whole or not at all. Raises DayletterError if there is anything of that name already."""
    if not SLUG.fullmatch(slug):
        raise DayletterError(
            Phrase(
                "`%(name)s` cannot be a course's name: write small letters, digits and hyphens, such as"
                " `first-aid`.",
                {"name": slug},
            )
        )
    folder = lessons_dir / slug
    if folder.exists() or folder.is_symlink():
        raise DayletterError(
            Phrase("There is a %(folder)s already; nothing was changed. Choose another name.", {"folder": folder})
        )
    try:
        lessons_dir.mkdir(parents=True, exist_ok=True)
        # Beside it, under a name that nobody takes for a course: a full disk leaves no half of one.
        with TemporaryDirectory(prefix=f".{slug}-", dir=lessons_dir) as place:
            fresh = Path(place) / slug
            _write(fresh, contents)
            fresh.rename(folder)
        to_disk(lessons_dir)
    except OSError as problem:
        raise DayletterError(
            Phrase(
                "%(folder)s could not be written: %(reason)s. Nothing was changed.",
                {"folder": folder, "reason": problem.strerror},
            )
        ) from problem
    return folder


def _write(folder: Path, contents: Mapping[str, bytes]) -> None:
    (folder / "media").mkdir(parents=True)
    for path, data in contents.items():
        (folder / path).parent.mkdir(exist_ok=True)
        write_whole(folder / path, [data])


def _texts(place: Traversable, above: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _texts(entry, f"{above}{entry.name}/")
        elif entry.name.endswith(".md"):
            found.append((f"{above}{entry.name}", entry.read_text(encoding="utf-8")))
    return found


def lesson_text(title: str) -> str:
    """A lesson that has just begun."""
    words = json.dumps(title, ensure_ascii=False)
    return f"---\ntitle: {words}\nsubject: {words}\npreheader:\n---\n\nWrite here.\n\n- [ ] One thing to do\n"
