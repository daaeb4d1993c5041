"""The file of a backup: a plain tar archive, in which every member but the last has its SHA-256 in the last.

`manifest.json` comes first, then perhaps `secret`, `rows/TABLE/NUMBER.jsonl.gz` (a line of JSON for each row),
`media/DIGEST`, and `SHA256SUMS` at the end, as `sha256sum --check` reads it. Nothing is held whole in memory but a
portion of rows.
"""

import re
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from typing import IO, Protocol

from course.backup.manifest import Damaged

SUMS = "SHA256SUMS"
PIECE = 1 << 20
NAME = re.compile(r"manifest\.json|secret|rows/[a-z_]+/[0-9]{8}\.jsonl\.gz|media/[0-9a-f]{64}")


class Source(Protocol):
    """What bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to so many bytes, and none at the end."""


Heard = Callable[[int], object]
"""Hears of so many bytes more that were dealt with."""


class _Summed:
    """Passes bytes on, and adds up their digest."""

    def __init__(self, source: Source, heard: Heard) -> None:
        self._source, self._heard, self._sum = source, heard, sha256()

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(size)
        self._sum.update(piece)
        self._heard(len(piece))
        return piece

    @property
    def digest(self) -> str:
        return self._sum.hexdigest()


def _unheard(_bytes: int) -> None:
    """Nobody listens."""


class Writer:
    """Adds members to a file that is open for writing; `finish` makes it a whole one. `made` is a UNIX time."""

    def __init__(self, file: IO[bytes], made: int) -> None:
        # `finish` closes it.
        self._tar = tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT, bufsize=PIECE)  # noqa: SIM115
        self._made = made
        self._sums: list[str] = []

    def add(self, name: str, content: bytes) -> None:
        self.add_from(name, len(content), BytesIO(content))

    def add_from(self, name: str, size: int, source: Source, heard: Heard = _unheard) -> None:
        """So many bytes. Raises OSError if there are fewer."""
        summed = _Summed(source, heard)
        self._write(name, size, summed)
        self._sums.append(f"{summed.digest}  {name}\n")

    def finish(self) -> None:
        content = "".join(self._sums).encode()
        self._write(SUMS, len(content), BytesIO(content))
        self._tar.close()

    def _write(self, name: str, size: int, source: Source) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = size, self._made, 0o600
        self._tar.addfile(member, source)


def members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield each member's name and its bytes, to be read before the next is asked for. Raises Damaged."""
    file.seek(0)
    with _damage_in_words(), tarfile.open(fileobj=file, mode="r|", bufsize=PIECE) as tar:
        while (member := tar.next()) is not None:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None:
                raise Damaged(f"{member.name!r} is not a part of a backup.")
            yield member.name, content


@contextmanager
def _damage_in_words() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError) as problem:
        raise Damaged(
            f"It cannot be read to its end as a tar archive ({problem}): it is cut off, damaged, or no backup."
        ) from None


def check(file: IO[bytes], heard: Heard = _unheard) -> None:
    """Reads all of it. Raises Damaged, with what is wrong, unless it is as it was written."""
    found: dict[str, str] = {}
    told: str | None = None
    for name, content in members(file):
        if told is not None:
            raise Damaged(f"Something follows its end: {name!r}.")
        if name == SUMS:
            with _damage_in_words():
                told = content.read().decode("ascii", "replace")
        elif name in found or not NAME.fullmatch(name):
            raise Damaged(f"{name!r} is not a part of a backup.")
        else:
            with _damage_in_words():
                found[name] = _digest(content, heard)
    if told is None:
        last = f" after {list(found)[-1]}" if found else ""
        raise Damaged(f"It is cut off, or damaged{last}: the sums at its end were not found.")
    _compare(found, told)


def _digest(content: IO[bytes], heard: Heard) -> str:
    summed = _Summed(content, heard)
    while summed.read(PIECE):
        pass
    return summed.digest


def _compare(found: dict[str, str], told: str) -> None:
    expected: dict[str, str] = {}
    for line in told.splitlines():
        digest, _, name = line.partition("  ")
        expected[name] = digest
    if missing := [name for name in expected if name not in found]:
        raise Damaged(f"{missing[0]!r} is missing.")
    for name, digest in found.items():
        if expected.get(name) != digest:
            raise Damaged(f"{name} is damaged: its checksum is not the one written at the end.")
