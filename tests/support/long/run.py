"""Tests that do a little in `make test` and much by a target of their own: how much, and what they saw."""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest


@dataclass(frozen=True, slots=True)
class LongRun:
    """`name` begins the names of its variables: `FAULTS=full` does much, `FAULTS_SEED` repeats a run,
    `FAULTS_REPORT` is the file that gets a line of JSON for each thing seen.

    With a `seed` of its own, the little that `make test` does is the same each time.
    """

    name: str
    seed: str = ""
    drawn: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return os.environ.get(self.name, "") == "full"

    def sized(self, small: int, full: int) -> int:
        return full if self.full else small

    def dice(self, name: str) -> Random:
        """Printed, so that a failure can be had again with the variable for the seed."""
        fresh = str(time.time_ns() % 1_000_000_000)
        seed = os.environ.get(f"{self.name}_SEED") or (self.seed if not self.full and self.seed else fresh)
        self.drawn.append(seed)
        sys.stdout.write(f"{name}: {self.name}_SEED={seed}\n")
        return Random(f"{seed} {name}")

    def note(self, name: str, **numbers: float | str) -> None:
        """What a test saw: shown with `-s` or on failure, and a line of the report.

        `name` is a scenario, or it and a database: `kills, sqlite`.
        """
        sys.stdout.write(f"{name}: {', '.join(f'{what} {number}' for what, number in numbers.items())}\n")
        if file := os.environ.get(f"{self.name}_REPORT", ""):
            scenario, _, database = name.partition(", ")
            told = {"scenario": scenario, "database": database, "seed": (self.drawn or [""])[-1], **numbers}
            told["mutated"] = "/mutations/" in os.environ.get("PYTEST_CURRENT_TEST", "")
            with Path(file).open("a") as report:
                report.write(json.dumps(told) + "\n")


class Progress:
    """A line for each test as it ends, and what failed."""

    def __init__(self) -> None:
        self.wanted, self.done = 0, 0
        self.failed: list[str] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.wanted = len(session.items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        if report.when == "teardown":
            self.done += 1
            bad = report.nodeid in self.failed
            sys.stdout.write(f"[{self.done}/{self.wanted}] {report.nodeid}: {'FAILED' if bad else 'good'}\n")
            sys.stdout.flush()


Seen = list[dict[str, object]]


def told_of(run: str, folder: Path, chosen: list[str], table: Callable[[str, Seen], str]) -> int:
    """Runs the tests chosen and writes a report into the folder: each thing seen, pytest's own, and the `table` of
    it all. Returns pytest's exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    began, progress = time.time(), Progress()
    at = time.gmtime(began)
    report = (folder / f"{time.strftime('%Y-%m-%dT%H%M%SZ', at)}.jsonl").absolute()
    # A half-written report is better than none.
    os.environ[f"{run}_REPORT"] = str(report)
    arguments = [*chosen, "-s", "-p", "no:cacheprovider", f"--junitxml={report.with_suffix('.xml')}"]
    code = int(pytest.main(arguments, [progress]))
    outcome = f"{time.strftime('%Y-%m-%d %H:%M', at)} UTC: {'good' if code == 0 else 'BAD'}"
    lines = report.read_text().splitlines() if report.exists() else []
    words = table(f"{outcome}, {(time.time() - began) / 60:.0f} minutes", [json.loads(line) for line in lines])
    words += "".join(f"\nFAILED {name}" for name in progress.failed)
    words += f"\n{progress.done} tests, {len(set(progress.failed))} failed\n"
    report.with_suffix(".md").write_text(words)
    sys.stdout.write(f"\n{words}\n{report.with_suffix('.md')}\n")
    return code


def rows(columns: tuple[str, ...], seen: Seen) -> str:
    """A table in Markdown; what has no column of its own goes into the last."""
    lines = [_row([*columns, "more"]), "|---" * (len(columns) + 1) + "|"]
    for told in seen:
        known = [str(told.pop(column, "")) for column in columns]
        more = ", ".join(f"{what} {number}" for what, number in told.items() if what != "mutated")
        lines.append(_row([*known, more]))
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
