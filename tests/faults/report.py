"""What `make faults` runs: all fault tests, and a report of what they saw in the folder given."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def main() -> int:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    began = datetime.now(UTC)
    report = folder / f"{began:%Y-%m-%dT%H%M%SZ}.jsonl"
    # scale.py reads it once it is imported, by the tests; a half-written report is better than none.
    os.environ["FAULTS_REPORT"] = str(report.absolute())
    code = pytest.main([str(HERE), "-s", "-p", "no:cacheprovider", f"--junitxml={report.with_suffix('.xml')}"])
    table = _table(report, int(code), began)
    report.with_suffix(".md").write_text(table)
    sys.stdout.write(f"\n{table}\n{report.with_suffix('.md')}\n")
    return int(code)


def _table(report: Path, code: int, began: datetime) -> str:
    lines = report.read_text().splitlines() if report.exists() else []
    minutes = (datetime.now(UTC) - began).total_seconds() / 60
    rows = [f"# Faults, {began:%Y-%m-%d %H:%M} UTC: {'good' if code == 0 else 'BAD'}, {minutes:.0f} minutes", ""]
    rows += ["| test | saw |", "|---|---|"]
    for line in lines:
        numbers = json.loads(line)
        name = numbers.pop("test")
        rows.append(f"| {name} | {', '.join(f'{what} {number}' for what, number in numbers.items())} |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
