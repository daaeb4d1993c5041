"""What docs/architecture.md says of each room's modules, to be held against those there are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOM = re.compile(r"^### `([\w/]+)/`(.*?)(?=^##)", flags=re.M | re.S)
ROW = re.compile(r"^\|([^|]*`[^|]*)\|([^|]*)\|", flags=re.M)
NAME = re.compile(r"`(\w+)/?`( \(core\))?")


@dataclass(frozen=True, slots=True)
class Room:
    """The modules and packages of a folder, by name. `core` are those said to be pure."""

    modules: frozenset[str]
    core: frozenset[str] = frozenset()


def rooms_told(plan: str) -> dict[str, Room]:
    """By folder, from the tables of the plan."""
    return {folder: _told(rows) for folder, rows in ROOM.findall(plan)}


def _told(rows: str) -> Room:
    named = list(_names(rows))
    return Room(frozenset(name for name, _ in named), frozenset(name for name, is_core in named if is_core))


def _names(rows: str) -> Iterator[tuple[str, bool]]:
    for modules, kind in ROW.findall(rows):
        for name, mark in NAME.findall(modules):
            yield name, bool(mark) or kind.strip() == "core"


def modules_in(folder: Path) -> frozenset[str]:
    files = {file.stem for file in folder.glob("*.py") if file.stem != "__init__"}
    return frozenset(files | {marker.parent.name for marker in folder.glob("*/__init__.py")})
