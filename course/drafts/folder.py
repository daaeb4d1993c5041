"""Course folders on disk: what is a draft until it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from course.content.files.names import is_markdown, misnamed
from course.content.frontmatter import nearest
from course.content.mails import AUTHORS_MAILS
from course.content.problems import Problem
from course.drafts.atomic import JOURNAL, at_rest, is_unfinished
from course.drafts.line_ends import to_newlines
from course.errors import NotFound
from course.language.words import Phrase
from course.media.kinds import role_of
from course.media.mail_copies import shown_in_mails
from course.media.paths import find

MAX_TEXT_BYTES = 1_000_000
UNFINISHED_CHANGE = Phrase(
    "A change of several files was begun here and cannot be finished, so some may be under other names than meant."
    " Make the folder writable, or make room on its disk: the next look at it finishes the change."
)


@dataclass(frozen=True, slots=True)
class Folder:
    """A course folder as read: Markdown by relative path, media files by relative path."""

    slug: str
    texts: Mapping[str, str]
    media: Mapping[str, Path]
    problems: tuple[Problem, ...]

    def file_for_mails(self, path: str) -> Path | None:
        """Return the file that mails show for a medium's path; None if there is none."""
        found = find(shown_in_mails(path, self.media), self.media)
        return self.media[found] if found else None


def course_slugs(lessons_dir: Path) -> tuple[str, ...]:
    """The folders that hold a `course.md`, by name; hidden ones are no courses."""
    found = (path.parent.name for path in lessons_dir.glob("*/course.md"))
    return tuple(sorted(name for name in found if not name.startswith(".")))


def read_folder(lessons_dir: Path, slug: str) -> Folder:
    """Reads one course. Unreadable files become problems; nothing outside the folder is ever read."""
    root = lessons_dir / slug
    if slug not in course_slugs(lessons_dir):
        known = course_slugs(lessons_dir)
        hint = f"{nearest(slug, known)}." if known else "the folder holds none yet."
        raise NotFound(f"There is no course `{slug}` in {lessons_dir} (a folder with a course.md); {hint}")
    with at_rest(root):
        return read_at_rest(root)


def read_at_rest(root: Path) -> Folder:
    """Read a course folder whose lock the caller holds."""
    texts: dict[str, str] = {}
    media: dict[str, Path] = {}
    problems: list[Problem] = []
    misspelt: list[str] = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        if path.is_symlink() and (why := _wrong_with_link(path, root)):
            problems.append(Problem(name, 1, "DL005", why))
        elif not path.is_file():
            continue
        elif path.suffix == ".md":
            text = read_text(path, name, problems)
            if text is not None:
                texts[name] = text
        elif is_markdown(path.name):
            misspelt.append(name)
        elif name.lower().startswith("media/") and role_of(name):
            media[name] = path
    problems += [Problem(name, 1, "DL004", misnamed(name, texts, AUTHORS_MAILS)) for name in misspelt]
    if is_unfinished(root):
        problems.append(Problem(JOURNAL, 1, "DL011", UNFINISHED_CHANGE))
    return Folder(root.name, texts, media, tuple(problems))


def _wrong_with_link(path: Path, root: Path) -> Phrase | None:
    """None, if it leads to a file within the folder."""
    try:
        leads_to = path.resolve(strict=True)
    except (OSError, RuntimeError):  # a circle is the second until Python 3.13
        return Phrase("This link goes in a circle or leads to nothing; put a file in its place.")
    if not leads_to.is_relative_to(root.resolve()):
        return Phrase("This link leads out of the course folder; put a file in its place.")
    return None


def read_text(path: Path, name: str, problems: list[Problem]) -> str | None:
    """Read a Markdown file; None, with the problem noted under its `name`, if it is none that can be read."""
    if path.stat().st_size > MAX_TEXT_BYTES:
        message = Phrase("This file is over 1 MB; a lesson takes some 10 KB.")
        problems.append(Problem(name, 1, "DL006", message))
        return None
    data = path.read_bytes()
    if line := line_without_text(data):
        message = Phrase("This line is not UTF-8 text; save the file as UTF-8.")
        problems.append(Problem(name, line, "DL007", message))
        return None
    return to_newlines(data.decode("utf-8-sig"))


def line_without_text(data: bytes) -> int:
    """The first line that is not UTF-8, or holds a NUL, with which PostgreSQL keeps no text; 0 if all is well."""
    try:
        data.decode()
        wrong = data.find(b"\0")
    except UnicodeDecodeError as problem:
        wrong = problem.start
    return data.count(b"\n", 0, wrong) + 1 if wrong >= 0 else 0


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
