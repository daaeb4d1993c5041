"""What a worker has begun and what it was answered, on local disk, so that its death leaves next to no doubt.

One append-only file per claim. A line goes in before a letter can be taken, another as its answer arrives; a
killed process loses none of them. A power cut may: so the first line names the life of the machine, and a
journal from an earlier one is not believed. The worker holds a lock on its file: who can have the lock knows
that it died.

A worker that was only asleep must not go on once somebody took up its claim. Whoever takes up first leaves a
mark and then reads; the worker first writes "begun" and then looks for the mark. So either its letter is seen as
begun, or it sees the mark and stops: no clock is involved.
"""

import errno
import fcntl
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import get_args

from mailer.providers.answer import Answer, Outcome

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
ASK_MACOS = ("/usr/sbin/sysctl", "-n", "kern.bootsessionuuid")
KEPT_SECONDS = 7 * 86_400


class TakenUp(Exception):
    """Somebody else has taken up this claim: nothing more may be sent under it."""


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a journal: the attempts that were begun, and the answers that came.

    Not `found` where it is gone or cannot be read to the end: then nobody knows what else had been begun.
    """

    begun: frozenset[str] = frozenset()
    answers: dict[str, Answer] = field(default_factory=dict)
    found: bool = True


class Journal:
    """One claim's file, open and locked in this process."""

    def __init__(self, folder: Path, claim: str) -> None:
        self._file, self._mark = _paths(folder, claim)
        self._of_no_claim = False
        self._descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._write(boot_id())

    def begin(self, attempts: Sequence[str]) -> None:
        """Right before their letters may be taken. Raises TakenUp."""
        self._write("\n".join([f">{attempt}" for attempt in attempts]))
        if self._mark.exists():
            raise TakenUp(self._file.name)

    def answered(self, answer: Answer) -> None:
        line = f"+{answer.attempt}" if answer.outcome == "accepted" else json.dumps(asdict(answer))
        self._write(line)

    def _write(self, lines: str) -> None:
        data = f"{lines}\n".encode()
        if os.write(self._descriptor, data) < len(data):
            # A disk that is full takes a part, and says nothing: no letter may set out unwritten.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._file))

    @contextmanager
    def unless_it_fails(self) -> Iterator[None]:
        """Within it a claim is made, not yet committed: if that fails, there is none and the file is removed."""
        try:
            yield
        except BaseException:
            self._of_no_claim = True
            raise

    def close(self, *, done: bool) -> None:
        """`done`: everything is recorded, and the file has served."""
        if done or self._of_no_claim:
            self._file.unlink(missing_ok=True)
        os.close(self._descriptor)


@contextmanager
def opened(folder: Path, claim: str) -> Iterator[Journal]:
    """Kept if the block fails: whoever takes up the claim will want to read it."""
    folder.mkdir(parents=True, exist_ok=True)
    journal = Journal(folder, claim)
    done = False
    try:
        yield journal
        done = True
    finally:
        journal.close(done=done)


def owner_is_dead(folder: Path, claim: str) -> bool:
    """Whether the process that held this journal is surely gone. False also where there is no journal."""
    try:
        descriptor = os.open(_paths(folder, claim)[0], os.O_WRONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def take_up(folder: Path, claim: str) -> Entries:
    """Stops the claim's worker, should it wake, and tells what it had done. May be repeated."""
    file, mark = _paths(folder, claim)
    folder.mkdir(parents=True, exist_ok=True)
    mark.touch()
    try:
        lines = file.read_bytes().decode(errors="replace").split("\n")[:-1]  # the rest was cut off by a crash
    except FileNotFoundError:
        return Entries(found=False)
    if lines[:1] != [boot_id()]:
        return Entries(found=False)
    read = [_entry(line) for line in lines[1:]]
    begun = frozenset(entry for entry in read if isinstance(entry, str))
    answers = {entry.attempt: entry for entry in read if isinstance(entry, Answer)}
    return Entries(begun, answers, found=None not in read)


def clear(folder: Path, claim: str) -> None:
    """Remove what is left of a claim that was taken up and recorded whole, once its worker is surely gone."""
    if owner_is_dead(folder, claim):
        for file in _paths(folder, claim):
            file.unlink(missing_ok=True)


@cache
def boot_id() -> str:
    """Differs after each start of this machine's kernel, not of a container."""
    if BOOT_ID.exists():
        return BOOT_ID.read_text().strip()
    return subprocess.check_output(ASK_MACOS, text=True).strip()  # noqa: S603 - a fixed command


def forget_old(folder: Path, now_seconds: float) -> None:
    """Removes files whose worker cannot come back any more."""
    for file in folder.glob("*"):
        with suppress(FileNotFoundError):  # another worker has just done with it
            if now_seconds - file.stat().st_mtime > KEPT_SECONDS:
                file.unlink()


def _entry(line: str) -> Answer | str | None:
    """An answer, or the attempt that was begun; None for a line that cannot be read, as a disk may garble it."""
    sign, attempt = line[:1], line[1:]
    if sign in (">", "+") and attempt.isalnum():
        return attempt if sign == ">" else Answer(attempt, "accepted")
    try:
        answer = Answer(**json.loads(line))
    except (ValueError, TypeError):
        return None
    return answer if answer.outcome in get_args(Outcome) else None


def _paths(folder: Path, claim: str) -> tuple[Path, Path]:
    return folder / claim, folder / f"{claim}.taken"
