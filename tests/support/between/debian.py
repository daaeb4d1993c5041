"""Programs out of Debian's packages, unpacked and not installed: installed, they would begin to serve here.

Run by `make test`, it unpacks all that are neither on PATH nor unpacked yet.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

TOOLS = Path(sys.prefix) / "tools"
"""A program's folder below it has the name of its package."""
VERSION = {"pgbouncer": "--version", "caddy": "version", "nginx": "-v"}
"""What each program is asked, to see whether it runs here."""


def find_program(name: str) -> tuple[str, ...]:
    """How to call it: the one on PATH, or the one that was unpacked. Empty if there is none."""
    root = TOOLS / name
    libraries = ":".join(map(str, root.glob("usr/lib/*-linux-gnu")))
    on_path = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    commands: list[tuple[str, ...]] = [(on_path,)] if on_path else []
    commands += [("env", f"LD_LIBRARY_PATH={libraries}", str(file)) for file in root.glob(f"usr/*bin/{name}")]
    return next((command for command in commands if _runs([*command, VERSION[name]])), ())


def unpack(name: str) -> None:
    """The program's package, and then its libraries until it runs. Does nothing where there is no apt."""
    if shutil.which("apt-get") is None:
        return
    root = TOOLS / name
    root.mkdir(parents=True, exist_ok=True)
    # A fresh machine has no list of packages yet.
    if not download(name, root) and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], capture_output=True, check=False)
        download(name, root)
    for library in _libraries(root, name):
        if find_program(name):
            return
        download(library, root)


def download(package: str, root: Path) -> bool:
    """Unpacks it below `root`; whether there is such a package."""
    subprocess.run(["apt-get", "download", package], cwd=root, capture_output=True, check=False)
    for file in root.glob(f"{package}_*.deb"):
        subprocess.run(["dpkg", "-x", str(file), str(root)], capture_output=True, check=False)
    return any(root.glob(f"{package}_*.deb"))


def _libraries(root: Path, package: str) -> Iterator[str]:
    for file in root.glob(f"{package}_*.deb"):
        told = subprocess.run(
            ["dpkg-deb", "-f", str(file), "Depends"], capture_output=True, text=True, check=False
        ).stdout
        yield from (name for name in re.findall(r"\blib[a-z0-9.+-]+", told) if name != "libc6")


def _runs(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    for program in VERSION:
        if not find_program(program):
            unpack(program)
        if not find_program(program):
            sys.stdout.write(f"no {program} here: the tests that need it are skipped. Install it to run them\n")
