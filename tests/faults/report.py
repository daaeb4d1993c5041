"""What `make faults` runs: all fault tests, and a report of what they saw in the folder given."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

HERE = Path(__file__).parent
COLUMNS = ("scenario", "database", "seed", "mails", "kills", "lost", "doubled", "counted", "seconds")


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


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    began, progress = datetime.now(UTC), Progress()
    report = folder / f"{began:%Y-%m-%dT%H%M%SZ}.jsonl"
    # scale.py reads it once it is imported, by the tests; a half-written report is better than none.
    os.environ["FAULTS_REPORT"] = str(report.absolute())
    chosen = sys.argv[2:] or [str(HERE)]
    arguments = [*chosen, "-s", "-p", "no:cacheprovider", f"--junitxml={report.with_suffix('.xml')}"]
    code = int(pytest.main(arguments, [progress]))
    minutes = (datetime.now(UTC) - began).total_seconds() / 60
    table = _table(report, f"{began:%Y-%m-%d %H:%M} UTC: {'good' if code == 0 else 'BAD'}, {minutes:.0f} minutes")
    table += "".join(f"\nFAILED {name}" for name in progress.failed)
    table += f"\n{progress.done} tests, {len(set(progress.failed))} failed\n"
    report.with_suffix(".md").write_text(table)
    sys.stdout.write(f"\n{table}\n{report.with_suffix('.md')}\n")
    return code


def _table(report: Path, outcome: str) -> str:
    lines = report.read_text().splitlines() if report.exists() else []
    seen = [json.loads(line) for line in lines]
    whole, mutated = ([told for told in seen if told["mutated"] is which] for which in (False, True))
    return (
        f"# Faults, {outcome}\n\n{_rows(whole)}"
        f"\n## With a safeguard taken out: where there is damage, as there must be\n\n{_rows(mutated)}"
    )


def _rows(seen: Sequence[dict[str, object]]) -> str:
    rows = [_row([*COLUMNS, "more"]), "|---" * (len(COLUMNS) + 1) + "|"]
    for told in seen:
        known = [str(told.pop(column, "")) for column in COLUMNS]
        rows.append(
            _row([*known, ", ".join(f"{what} {number}" for what, number in told.items() if what != "mutated")])
        )
    return "\n".join(rows) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
