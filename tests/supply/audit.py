"""`make audit`: hashes and licences of what Dayletter runs on, and what holes are known in it.

The first two need no network and must be good. Where nobody can be asked about holes, it says so and goes on: only
a hole that is known fails it.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.supply.holes import Answer, read_answer
from tests.supply.installed import altered, bad_licences, found
from tests.supply.locked import pins, unhashed
from tests.supply.tools import Unavailable, tool
from tests.support.project import ROOT

LONGEST = 45.0
"""Seconds after which no more is asked."""

RUN_TIME = "requirements.txt"
SERVICES = ("osv", "pypi")
IMAGE = re.compile(r"^\s*(?:FROM|image:)\s+(\S+/?\S*:\S+)", re.M)


def main() -> int:
    until = time.monotonic() + LONGEST
    locked = {file.name: file.read_text() for file in sorted(ROOT.glob("requirements*.txt"))}
    packages = found(pins(locked[RUN_TIME]))
    bad = [*unhashed(locked), *altered(packages), *bad_licences(packages)]
    if bad:
        say("hashes and licences are NOT good:")
    else:
        hashed = sum(1 for text in locked.values() for _ in pins(text))
        say(f"{hashed} locked packages have their hashes; the {len(packages)} that are installed to run with are")
        say("unaltered, and under licences that we allow")
    holes = known_holes(until)
    for problem in (*bad, *holes):
        say(f"  {problem}")
    for image in loose_images():
        say(f"note: {image} is named without a digest. `docker buildx imagetools inspect {image}` tells it.")
    return 1 if bad or holes else 0


def known_holes(until: float) -> tuple[str, ...]:
    """Those that the first service which answers tells; none, with a word about it, if none answers."""
    why = []
    for service in SERVICES:
        try:
            answer = ask(service, until)
        except (Unavailable, ValueError) as problem:
            why.append(f"{service}: {problem}")
            continue
        if answer.asked:
            unknown = f"; {answer.unknown} packages are unknown there" if answer.unknown else ""
            say(f"{len(answer.holes)} known holes in {answer.asked} packages ({service}{unknown})")
            return answer.holes
        why.append(f"{service}: knows none of these packages")
    say(f"note: nobody could be asked about known holes, so none were looked for ({'; '.join(why)})")
    return ()


def ask(service: str, until: float) -> Answer:
    left = until - time.monotonic()
    if left < 1:
        raise Unavailable("no time left")
    program = tool("pip-audit", left)
    options = ["--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5"]
    command = [str(program), "-r", str(ROOT / RUN_TIME), "-s", service, *options]
    try:
        # It ends with 1 if it found holes, too.
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=max(1.0, until - time.monotonic()), check=False
        )
    except subprocess.TimeoutExpired as problem:
        raise Unavailable("no answer in time") from problem
    if not done.stdout.strip():
        raise Unavailable((done.stderr.strip().splitlines() or ["no answer"])[-1][:200])
    return read_answer(done.stdout)


def loose_images() -> list[str]:
    """Images that others may replace under the same name."""
    files = [file for name in ("Dockerfile", "compose.yaml") if (file := ROOT / name).exists()]
    named = [
        image
        for file in [*files, *Path(ROOT / "deploy").rglob("*.y*ml")]
        for image in IMAGE.findall(file.read_text())
    ]
    return sorted({image for image in named if "@sha256:" not in image})


def say(words: str) -> None:
    sys.stdout.write(f"audit: {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
