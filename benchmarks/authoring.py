"""An author's commands, as an author waits for them, the start of Python included."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rows import Result, limited, repeated

SHIPPED = Path(__file__).parent.parent / "lessons" / "career-mobility"
SLUG = "measured"
LESSONS = 30
LEARNERS = 1000


def run(bench: Bench) -> list[Result]:
    lessons = bench.folder()
    _long_course(lessons / SLUG)
    learners = bench.size(LEARNERS, 100)
    return [
        limited(
            f"`dayletter lint` of {LESSONS} lessons of the usual length",
            "s",
            repeated(bench.rounds, lambda: _seconds(lessons, bench.folder(), "lint", SLUG)),
            "at most",
            1,
        ),
        limited(
            f"`dayletter lint` and `publish` of {LESSONS} lessons, all of them new",
            "s",
            repeated(bench.rounds, lambda: _lint_and_publish(lessons, bench.folder())),
            "at most",
            2,
        ),
        limited(
            f"`dayletter rehearse` of {learners:,} learners and 5 lessons each, every mail a file",
            "s",
            repeated(bench.rounds, lambda: _rehearse(bench.folder(), learners)),
            "at most",
            60,
        ),
    ]


def _long_course(folder: Path) -> None:
    """The shipped course, six times over: each lesson with its film, its article and its checklist."""
    shutil.copytree(SHIPPED, folder)
    originals = sorted(folder.glob("[1-9]-*.md"))
    for number in range(LESSONS):
        original = originals[number % len(originals)]
        slug = original.stem.partition("-")[2]
        shutil.copy(original, folder / f"{number + 10}-{slug}-{number}.md")
    for original in originals:
        original.unlink()


def _lint_and_publish(lessons: Path, var: Path) -> float:
    _seconds(lessons, var, "migrate")
    return _seconds(lessons, var, "lint", SLUG) + _seconds(lessons, var, "publish", SLUG, "--yes")


def _rehearse(var: Path, learners: int) -> float:
    taken = _seconds(SHIPPED.parent, var, "rehearse", SHIPPED.name, "--learners", str(learners))
    shutil.rmtree(var)
    return taken


def _seconds(lessons: Path, var: Path, *command: str) -> float:
    settings: Mapping[str, str] = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        "LESSONS_DIR": str(lessons),
        "VAR_DIR": str(var),
        "SECRET_KEY": "a secret of a benchmark, and of nothing else",
    }
    dayletter = Path(sys.executable).parent / "dayletter"
    began = time.perf_counter()
    subprocess.run([dayletter, *command], env=settings, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
