"""The files of a course folder as authors change them: whole or not at all, and never outside the folder."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from course.drafts.atomic import change_all, locked, to_disk, write_whole
from course.drafts.folder import MAX_TEXT_BYTES, digest_of, line_without_text
from course.drafts.line_ends import BYTE_ORDER_MARK, as_in, to_newlines
from course.errors import NotFound, Refused
from course.language.words import Phrase

NEW = ""
"""The digest of a file that is not there."""


class ReadOnly(Refused):
    """The folder cannot be written to from here."""


class Conflict(Refused):
    """Somebody saved a newer version since the text was opened."""

    def __init__(self, theirs: "TextFile") -> None:
        super().__init__("Somebody has saved a newer version of this file since you opened it.")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class TextFile:
    """`text` has newlines only, whatever the file has; `digest` is of the file's bytes."""

    path: str
    text: str
    digest: str


def file_in(root: Path, path: str) -> Path:
    """Where a file of the folder is, or would be. Raises NotFound for what leads out of it, or is hidden."""
    parts = PurePosixPath(path).parts
    if not parts or "\0" in path or "\\" in path or any(part.startswith((".", "/")) for part in parts):
        raise NotFound(Phrase("There is no such file in this course."))
    file = root.joinpath(*parts)
    try:
        inside = file.resolve().is_relative_to(root.resolve()) and not file.is_dir()
    except (OSError, RuntimeError):  # links in a circle, or a name that is too long
        inside = False
    if not inside:
        raise NotFound(Phrase("There is no such file in this course."))
    return file


def _text_place(root: Path, path: str) -> Path:
    if not path.endswith(".md"):
        raise NotFound(Phrase("`%(file)s` is no text of this course.", {"file": path}))
    return file_in(root, path)


def open_text(root: Path, path: str) -> TextFile:
    """Raises NotFound, or Refused for what cannot be shown as text."""
    file = _text_place(root, path)
    if not file.is_file():
        raise NotFound(Phrase("There is no text `%(file)s` in this course.", {"file": path}))
    if file.stat().st_size > MAX_TEXT_BYTES:
        raise Refused(
            Phrase(
                "`%(file)s` is over 1 MB; a lesson takes some 10 KB. Shorten it with a text editor.",
                {"file": path},
            )
        )
    data = file.read_bytes()
    return _as_shown(path, _decoded(path, data), data)


def save_text(root: Path, path: str, edited: str, opened: str) -> TextFile:
    """`opened` is the digest of the version that was edited, `NEW` for a new file.

    Raises Conflict if the file is another by now, Refused if it cannot be written; then nothing has changed.
    """
    file = _text_place(root, path)
    with changing(root):
        if opened != NEW and not file.is_file():
            raise Refused(
                Phrase(
                    "There is no file `%(file)s` any more: somebody has renamed it, or taken it out. Copy your"
                    " text, and look at the list of files.",
                    {"file": path},
                )
            )
        before = file.read_bytes() if file.is_file() else b""
        original = _decoded(path, before)
        after = as_in(original, edited).encode()
        if "\0" in edited:
            raise Refused(
                Phrase("The text holds a NUL character, which no lesson can. Remove it, then save again.")
            )
        if len(after) > MAX_TEXT_BYTES:
            raise Refused(Phrase("The text is over 1 MB; a lesson takes some 10 KB. Shorten it, then save again."))
        if after != before and opened != (_digest(before) if file.is_file() else NEW):
            raise Conflict(_as_shown(path, original, before))
        if after != before or not file.is_file():
            file.parent.mkdir(exist_ok=True)
            write_whole(file, [after])
    return TextFile(path, to_newlines(edited), _digest(after))


def rename_all(root: Path, renames: Sequence[tuple[str, str]]) -> None:
    """All of the renames or none. Raises Refused, also if a name is taken."""
    with changing(root):
        for old, new in renames:
            if not file_in(root, old).is_file():
                raise Refused(
                    Phrase("There is no file `%(file)s` any more. Look at the list again.", {"file": old})
                )
            refuse_taken(root, new)
        change_all(root, {}, renames)


def refuse_taken(root: Path, path: str) -> None:
    if os.path.lexists(file_in(root, path)):
        raise Refused(Phrase("There is a file `%(file)s` already. Rename one of the two first.", {"file": path}))


def remove(root: Path, path: str, seen: str) -> None:
    """`seen` is the digest of what was looked at. Raises Refused for any other version, and for `course.md`."""
    if path == "course.md":
        raise Refused(Phrase("Without its `course.md` a folder is no course. Remove the folder where it lives."))
    with changing(root):
        file = as_seen(root, path, seen)
        file.unlink()
        to_disk(file.parent)


def as_seen(root: Path, path: str, seen: str) -> Path:
    """The file, if this is still its digest; raises Refused, or NotFound, for any other."""
    file = file_in(root, path)
    if not file.is_file() or digest_of(file) != seen:
        raise Refused(
            Phrase("Somebody has changed `%(file)s` since you looked. Look at it again.", {"file": path})
        )
    return file


def can_write(root: Path) -> bool:
    return os.access(root, os.W_OK)


@contextmanager
def changing(root: Path) -> Iterator[None]:
    """One at a time. What the disk does not take is Refused, in words."""
    try:
        with locked(root):
            yield
    except OSError as problem:
        raise _refused(problem) from problem


def _as_shown(path: str, text: str, data: bytes) -> TextFile:
    return TextFile(path, to_newlines(text.removeprefix(BYTE_ORDER_MARK)), _digest(data))


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _decoded(path: str, data: bytes) -> str:
    if line := line_without_text(data):
        raise Refused(
            Phrase(
                "Line %(line)s of `%(file)s` is not UTF-8 text. Save the file as UTF-8 with a text editor.",
                {"line": line, "file": path},
            )
        )
    return data.decode()


def _refused(problem: OSError) -> Refused:
    match problem.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return ReadOnly(Phrase("This folder cannot be written to from here, so nothing was saved."))
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return Refused(Phrase("The disk is full, so nothing was saved. Make room on it, then save again."))
        case errno.ENAMETOOLONG:
            return Refused(Phrase("The name of the file is too long, so nothing was saved. Choose a shorter one."))
        case _:
            return Refused(
                Phrase(
                    "The disk did not take it (%(reason)s), so nothing was saved. Try again.",
                    {"reason": problem.strerror},
                )
            )
