"""The files that `make lock` writes: each package with its one version and the hashes of what may be installed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True, slots=True)
class Pin:
    """`name` in small letters with hyphens (PEP 503), `hashes` in hex (SHA-256)."""

    name: str
    version: str
    hashes: tuple[str, ...]


def normal(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(locked: str) -> Iterator[Pin]:
    """The packages of a file. Raises ValueError for a line that is neither one, nor its hashes, nor a comment."""
    for statement in re.sub(r"\\\n", " ", locked).splitlines():
        if not statement.strip() or statement.lstrip().startswith("#"):
            continue
        found = PIN.match(statement)
        if found is None:
            raise ValueError(f"This line pins no package: {statement.strip()[:80]}")
        yield Pin(normal(found["name"]), found["version"], tuple(HASH.findall(statement)))


def unhashed(locked: Mapping[str, str]) -> list[str]:
    """What is wrong with locked files (texts by name): packages that any file of their name could be taken for."""
    return [
        f"{name}: {pin.name} has no hash. Run `make lock`."
        for name, text in locked.items()
        for pin in pins(text)
        if not pin.hashes
    ]
