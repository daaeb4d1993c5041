"""`smtp-sink` and `smtp-source`, the two C programs against which mail systems are measured."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.between.debian import download

PACKAGES = ("postfix", "libdb5.3", "libicu72", "libnsl2", "libtirpc3")


@dataclass(frozen=True, slots=True)
class Postfix:
    """How to call each of them."""

    sink: tuple[str, ...]
    source: tuple[str, ...]


def find_postfix(tools: Path) -> Postfix | None:
    """From PATH, or unpacked below `tools` from Debian's package: installing it would replace a mail server."""
    on_path = shutil.which("smtp-sink"), shutil.which("smtp-source")
    if on_path[0] and on_path[1]:
        return Postfix((on_path[0],), (on_path[1],))
    root = tools / "postfix"
    if _unpacked(root) is None and shutil.which("apt-get"):
        root.mkdir(parents=True, exist_ok=True)
        for package in PACKAGES:
            download(package, root)
            if _unpacked(root) is not None:
                break
    return _unpacked(root)


def _unpacked(root: Path) -> Postfix | None:
    libraries = [root / "usr/lib/postfix", *root.glob("usr/lib/*-linux-gnu")]
    environment = ("env", f"LD_LIBRARY_PATH={':'.join(map(str, libraries))}")
    found = Postfix((*environment, f"{root}/usr/sbin/smtp-sink"), (*environment, f"{root}/usr/sbin/smtp-source"))
    return found if _runs(found.sink) and _runs(found.source) else None


def _runs(command: Sequence[str]) -> bool:
    """Without arguments both say how they are used; with a library missing they say nothing of the kind."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "usage:" in done.stderr
