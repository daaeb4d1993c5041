"""Several files of a folder that change together: all or none, also if the power fails in between.

What is to be moved where is written down first, in a hidden file. Whoever next reads or changes the folder finds
it and finishes. Doing it twice does no harm: a file that is no longer where it was has been moved.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from course.tokens import new_id

JOURNAL = ".moving"
UNFINISHED = ".unfinished-"
"""Begins the name of a file that is still being written; of no use once nobody writes."""

Move = tuple[str, str]
"""From where to where, within the folder."""


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Of several who change a folder at once, one at a time; what a power cut left is finished first."""
    with _held(root, fcntl.LOCK_EX):
        _finish(root)
        yield


@contextmanager
def at_rest(root: Path) -> Iterator[None]:
    """For reading: nothing is moved meanwhile. What cannot be finished here is read as it stands."""
    with suppress(OSError):
        if (root / JOURNAL).is_file():
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
    """On the disk in full, under a hidden name, to take the file's place; nothing is left of it if that fails."""
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


def move_all(root: Path, moves: Sequence[Move]) -> None:
    """In a locked folder. No file is moved to where another one of them comes from. Raises OSError.

    If it fails after it has begun, the next who opens the folder finishes.
    """
    write_whole(root / JOURNAL, [json.dumps(moves).encode()])
    _finish(root)


def to_disk(folder: Path) -> None:
    """What a folder's files are called, not what is in them."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _finish(root: Path) -> None:
    journal = root / JOURNAL
    if journal.is_file():
        moves = [(root / old, root / new) for old, new in _noted(journal)]
        if all(_is_inside(root, path) for move in moves for path in move):
            _carry_out(moves)
        journal.unlink()
    for left in (*root.glob(f"{UNFINISHED}*"), *root.glob(f"*/{UNFINISHED}*")):
        with suppress(OSError):
            left.unlink()


def _noted(journal: Path) -> list[Move]:
    """Nothing, for what we did not write: folders come from anywhere."""
    try:
        return [(str(old), str(new)) for old, new in json.loads(journal.read_text())]
    except (ValueError, TypeError):
        return []


def _is_inside(root: Path, path: Path) -> bool:
    if "\0" in str(path):
        return False
    try:
        return path.parent.resolve().is_relative_to(root.resolve()) and not path.is_dir()
    except (OSError, RuntimeError):  # links in a circle
        return False


def _carry_out(moves: Sequence[tuple[Path, Path]]) -> None:
    for old, new in moves:
        if old.exists():
            old.replace(new)
    for folder in {new.parent for _, new in moves}:
        to_disk(folder)
