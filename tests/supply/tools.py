"""The two programs that know more of packages than we do, in a place of their own: nothing of theirs is ours."""

import subprocess
import sys
from pathlib import Path

from tests.support.project import ROOT

PLACE = Path(sys.prefix) / "audit"
WANTED = ROOT / "requirements-audit.txt"


class Unavailable(Exception):
    """The registry did not answer, or not in time."""


def tool(name: str, seconds: float) -> Path:
    """The path of `pip-audit` or `cyclonedx-py`, installed by its hashes if it is not yet. Raises Unavailable."""
    stamp = PLACE / "installed.txt"
    if not stamp.exists() or stamp.read_text() != WANTED.read_text():
        run([sys.executable, "-m", "venv", str(PLACE)], seconds)
        pip = [str(PLACE / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        run([*pip, "--retries", "1", "--timeout", "10", "--require-hashes", "-r", str(WANTED)], seconds)
        stamp.write_text(WANTED.read_text())
    return PLACE / "bin" / name


def run(command: list[str], seconds: float) -> str:
    """What a command prints. Raises Unavailable if it fails or takes too long."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as problem:
        raise Unavailable(f"no answer within {seconds:.0f} seconds") from problem
    if done.returncode:
        raise Unavailable((done.stderr.strip().splitlines() or ["it failed without a word"])[-1][:300])
    return done.stdout
