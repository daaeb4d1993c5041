"""What `make hostile` runs: all hostile tests, and a report of what they tried in the folder given."""

import sys
from pathlib import Path

from tests.support.long.run import Seen, rows, told_of

HERE = Path(__file__).parent
COLUMNS = ("scenario", "database", "seed", "tries", "findings")


def main() -> int:
    return told_of("HOSTILE", Path(sys.argv[1]), sys.argv[2:] or [str(HERE)], _table)


def _table(outcome: str, seen: Seen) -> str:
    return f"# What was tried by people who mean harm, {outcome}\n\n{rows(COLUMNS, seen)}"


if __name__ == "__main__":
    sys.exit(main())
