"""Several files of a folder that change together: all or none, also if the power fails in between.

What is to be moved where is written down first, in a hidden file. Whoever next reads or changes the folder finds
it and finishes. Doing it twice does no harm: a file that is no longer where it was has been moved. What somebody
has put in the way by hand meanwhile stays, and so does the file that was to be moved there.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from course.errors import Refused
from course.ids import new_id
from course.language.words import Phrase

PIECE = 1 << 20
"""So many bytes of a file are read and written at a time."""

JOURNAL = ".moving"
UNFINISHED = ".unfinished-"
"""Begins the name of a file that is still being written; of no use once nobody writes."""

FileMove = tuple[str, str]
"""From where to where, within the folder."""


class Stuck(Refused):
    """Files that are still to be moved, as noted, and that the disk does not let go."""

    def __init__(self, old: str, new: str, problem: OSError) -> None:
        super().__init__(
            Phrase(
                "A change of several files was begun here and is not finished: `%(old)s` is still to become"
                " `%(new)s`, and the disk does not let it (%(reason)s). Give back the right to write there, or"
                " make room, then try again: it is finished first. Nothing can be saved or published here before.",
                {"old": old, "new": new, "reason": problem.strerror or str(problem)},
            )
        )


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold a folder's lock: of several who change it at once, one at a time. What a power cut left half-done is
    finished first."""
    with _held(root, fcntl.LOCK_EX):
        _finish(root)
        yield


@contextmanager
def at_rest(root: Path) -> Iterator[None]:
    """Hold a folder for reading: nothing is moved meanwhile. A change that cannot be finished here is read as it
    stands."""
    with suppress(OSError, Stuck):
        if is_unfinished(root):
            with locked(root):
                pass
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(_held(root, fcntl.LOCK_SH))
        yield


@contextmanager
def _held(root: Path, how: int) -> Iterator[None]:
    folder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(folder, how)
        yield
    finally:
        os.close(folder)


def write_beside(file: Path, pieces: Iterable[bytes]) -> Path:
    """Write a file in full to the disk, under a hidden name from which it can take its place. If that fails,
    nothing stays behind."""
    fresh = file.with_name(f"{UNFINISHED}{new_id()}")
    try:
        with fresh.open("xb") as out:
            out.writelines(pieces)
            out.flush()
            os.fsync(out.fileno())
        fresh.chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise
    return fresh


def write_whole(file: Path, pieces: Iterable[bytes]) -> None:
    """All of it or nothing. Raises OSError."""
    fresh = write_beside(file, pieces)
    try:
        fresh.replace(file)
    except OSError:
        fresh.unlink()
        raise
    to_disk(file.parent)


def change_all(root: Path, contents: Mapping[str, Iterable[bytes]], moves: Sequence[FileMove] = ()) -> None:
    """Give files of a locked folder new contents, then new names.

    All or none. Raises OSError, or Stuck if it fails after it has begun: the next who opens the folder finishes.
    """
    fresh: list[FileMove] = []
    try:
        for path, pieces in contents.items():
            (root / path).parent.mkdir(exist_ok=True)
            written = write_beside(root / path, pieces)
            fresh.append((written.relative_to(root).as_posix(), path))
        write_whole(root / JOURNAL, [json.dumps([*fresh, *moves]).encode()])
    except BaseException:
        for beside, _ in fresh:
            (root / beside).unlink()
        raise
    _finish(root)


def is_unfinished(root: Path) -> bool:
    return (root / JOURNAL).is_file()


def to_disk(folder: Path) -> None:
    """Make the names in a folder last over a power cut. Its files' contents are not flushed."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _finish(root: Path) -> None:
    journal = root / JOURNAL
    if is_unfinished(root):
        moves = _noted(journal)
        if all(_is_inside(root, root / path) for move in moves for path in move):
            for old, new in moves:
                _carry_out(root, old, new)
        journal.unlink()
    for left in (*root.glob(f"{UNFINISHED}*"), *root.glob(f"*/{UNFINISHED}*")):
        with suppress(OSError):
            left.unlink()


def _noted(journal: Path) -> list[FileMove]:
    """Nothing, for what we did not write: folders come from anywhere."""
    try:
        return [(str(old), str(new)) for old, new in json.loads(journal.read_text())]
    except (ValueError, TypeError):
        return []


def _is_inside(root: Path, path: Path) -> bool:
    if "\0" in str(path):
        return False
    try:
        return path.parent.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # links in a circle
        return False


def _carry_out(root: Path, old: str, new: str) -> None:
    place, target = root / old, root / new
    try:
        if place.is_file() and not _is_in_the_way(target, place):
            place.replace(target)
        if target.parent.is_dir():
            to_disk(target.parent)
    except OSError as problem:
        raise Stuck(old, new, problem) from problem


def _is_in_the_way(target: Path, place: Path) -> bool:
    """Only new contents take the place of what is there: what bears a name of its own never does."""
    if place.name.startswith(UNFINISHED):
        return target.is_dir() or not target.parent.is_dir()
    return os.path.lexists(target) or not target.parent.is_dir()
