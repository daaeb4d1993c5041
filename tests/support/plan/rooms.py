"""What docs/architecture.md says of the rooms: the ladder they stand on, and the modules of each."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OTHERS = "..."
"""On a rung of the ladder: all that the other rungs of its folder do not name."""

LADDER = re.compile(r"^```ladder\n(.*?)^```", flags=re.M | re.S)
ROOM = re.compile(r"^#+ `([\w/]+)/`(.*?)(?=^#+ )", flags=re.M | re.S)
ROW = re.compile(r"^\|([^|]*`[^|]*)\|([^|]*)\|", flags=re.M)
NAME = re.compile(r"`(\w+)/?`( \(core\))?")

Rungs = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """The modules and packages of a folder, by name. `core` are those said to be pure."""

    modules: frozenset[str]
    core: frozenset[str] = frozenset()


def ladders_told(plan: str) -> dict[str, Rungs]:
    """The rungs of each folder, from the top down, by the folder's path. A line that ends in `/` names the folder;
    the lines below it are its rungs, with two or more blanks between what stands on one and its description."""
    found = LADDER.search(plan)
    ladders: dict[str, Rungs] = {}
    folder = ""
    for line in found[1].splitlines() if found else ():
        if line and not line[0].isspace():
            folder = line.split()[0].rstrip("/")
            ladders[folder] = ()
        elif line.strip():
            names = re.split(r"\s{2,}", line.strip())[0]
            ladders[folder] += (tuple(name.strip("/ ") for name in names.split("·")),)
    return ladders


def rung_of(ladder: Rungs, name: str) -> int:
    """0 for the topmost rung."""
    named = (rung for rung, names in enumerate(ladder) if name in names)
    return next(named, next(rung for rung, names in enumerate(ladder) if OTHERS in names))


def rooms_told(plan: str) -> Mapping[str, Room]:
    """By folder, from the tables of the plan."""
    return {folder: _told(rows) for folder, rows in ROOM.findall(plan)}


def _told(rows: str) -> Room:
    named = list(_names(rows))
    return Room(frozenset(name for name, _ in named), frozenset(name for name, is_core in named if is_core))


def _names(rows: str) -> Iterator[tuple[str, bool]]:
    for modules, kind in ROW.findall(rows):
        for name, mark in NAME.findall(modules):
            yield name, bool(mark) or kind.strip() == "core"


def rooms_in(root: Path, worlds: tuple[str, ...]) -> list[str]:
    """The path of every folder of Python, relative to `root`, but of those that only keep migrations."""
    packages = [marker.parent for world in worlds for marker in (root / world).rglob("__init__.py")]
    paths = (folder.relative_to(root).as_posix() for folder in packages)
    return sorted(path for path in paths if "/migrations" not in path)


def modules_in(folder: Path) -> frozenset[str]:
    files = {file.stem for file in folder.glob("*.py") if file.stem != "__init__"}
    return frozenset(files | {marker.parent.name for marker in folder.glob("*/__init__.py")})
