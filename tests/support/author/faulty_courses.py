"""Courses written as one text: what is in each file, and which findings it has."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.support.author.films import mp3, mp4, webm
from tests.support.project import ROOT

FOLDER = ROOT / "tests/course/lint/faulty_courses"
FILE = re.compile(r"^=== (.+)\n", flags=re.M)
FILLING = re.compile(r"<<(?:(\d+) (words|bytes)|byte ([0-9a-f]{2}))>>")
KINDS = {
    "jpg": b"\xff\xd8\xff\xe0",
    "png": b"\x89PNG\r\n\x1a\n",
    "vtt": b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n",
}


@dataclass(frozen=True)
class Case:
    """`expected` has lines such as `1-first.md:4: error DL105`."""

    name: str
    files: dict[str, str]
    expected: tuple[str, ...]


def cases() -> Iterator[Case]:
    """The first is the course without any finding; the others are that course with a few files changed."""
    (base,) = _read(FOLDER / "base.txt")
    yield base
    for path in sorted(FOLDER.glob("*.txt")):
        if path.name != "base.txt":
            for case in _read(path):
                files = {name: text for name, text in {**base.files, **case.files}.items() if text != "(gone)\n"}
                yield replace(case, files=files)


def _read(path: Path) -> Iterator[Case]:
    for text in re.split(r"^#{5} ", path.read_text(), flags=re.M)[1:]:
        name, _, body = text.partition("\n")
        pieces = FILE.split(body)
        files = dict(zip(pieces[1::2], pieces[2::2], strict=True))
        expected = files.pop("findings").split("\n")
        yield Case(name, files, tuple(line for line in expected if line))


def write(case: Case, folder: Path) -> None:
    """`<<300 words>>` becomes as many words. A medium is `film 4:30`, `mp3 90` (seconds), `jpg`,
    `jpg <<90 bytes>>`, or `captions` with the lines that follow."""
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text[3:].strip())
        elif name.startswith("media/"):
            path.write_bytes(_medium(name, text.strip()))
        else:
            path.write_bytes(FILLING.sub(_filling, text).encode("utf-8", "surrogateescape"))


def _filling(found: re.Match[str]) -> str:
    if found[3]:
        return bytes.fromhex(found[3]).decode("utf-8", "surrogateescape")
    return ("word " * int(found[1])).strip() if found[2] == "words" else "x" * int(found[1])


def _medium(name: str, text: str) -> bytes:
    if text.startswith("captions\n"):
        return text.removeprefix("captions\n").encode()
    kind, _, rest = text.partition(" ")
    if kind == "mp3":
        return mp3(int(rest))
    if kind == "film":
        minutes, _, seconds = rest.partition(":")
        make = webm if name.endswith(".webm") else mp4
        return make(int(minutes) * 60 + float(seconds))
    more = FILLING.fullmatch(rest)
    return KINDS.get(kind, text.encode() if kind.startswith("<svg") else kind.encode()) + bytes(
        int(more[1]) if more else 0
    )
