"""Course folders on disk: what is a draft until it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from course.content import Problem
from course.errors import NotFound

MAX_TEXT_BYTES = 1_000_000
MEDIA_TYPES = {".mp4", ".webm", ".vtt", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".pdf"}


@dataclass(frozen=True, slots=True)
class Folder:
    """A course folder as read: Markdown by relative path, media files by relative path."""

    slug: str
    texts: Mapping[str, str]
    media: Mapping[str, Path]
    problems: tuple[Problem, ...]


def course_slugs(lessons_dir: Path) -> tuple[str, ...]:
    """The folders that hold a `course.md`, by name."""
    return tuple(sorted(path.parent.name for path in lessons_dir.glob("*/course.md")))


def read_folder(lessons_dir: Path, slug: str) -> Folder:
    """Reads one course. Unreadable files become problems; nothing outside the folder is ever read."""
    root = lessons_dir / slug
    if slug not in course_slugs(lessons_dir):
        known = ", ".join(course_slugs(lessons_dir)) or "none"
        raise NotFound(
            f"There is no course `{slug}` in {lessons_dir} (a folder with a course.md). Found: {known}."
        )
    texts: dict[str, str] = {}
    media: dict[str, Path] = {}
    problems: list[Problem] = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        if not path.resolve().is_relative_to(root.resolve()):
            problems.append(Problem(name, 1, "DL005", "This link leads out of the course folder."))
        elif path.suffix == ".md":
            text = _read_text(path, name, problems)
            if text is not None:
                texts[name] = text
        elif name.startswith("media/") and path.suffix.lower() in MEDIA_TYPES:
            media[name] = path
    return Folder(slug, texts, media, tuple(problems))


def _read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    if path.stat().st_size > MAX_TEXT_BYTES:
        problems.append(Problem(name, 1, "DL006", "This file is over 1 MB; a lesson takes some 10 KB."))
        return None
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        wrong = data.find(b"\0")  # valid UTF-8, but PostgreSQL keeps no text with it
    except UnicodeDecodeError as problem:
        text, wrong = "", problem.start
    if wrong >= 0:
        line = data.count(b"\n", 0, wrong) + 1
        problems.append(Problem(name, line, "DL007", "This line is not UTF-8 text; save the file as UTF-8."))
        return None
    return text


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        hasher = sha256()
        while piece := file.read(1 << 20):
            hasher.update(piece)
    return hasher.hexdigest()
