"""What `make faults` runs: all fault tests, and a report of what they saw in the folder given."""

import sys
from pathlib import Path

from tests.support.long.run import Seen, rows, told_of

HERE = Path(__file__).parent
COLUMNS = ("scenario", "database", "seed", "mails", "kills", "lost", "doubled", "counted", "seconds")


def main() -> int:
    return told_of("FAULTS", Path(sys.argv[1]), sys.argv[2:] or [str(HERE)], _table)


def _table(outcome: str, seen: Seen) -> str:
    whole, mutated = ([told for told in seen if told["mutated"] is which] for which in (False, True))
    return (
        f"# Faults, {outcome}\n\n{rows(COLUMNS, whole)}"
        f"\n## With a safeguard taken out: where there is damage, as there must be\n\n{rows(COLUMNS, mutated)}"
    )


if __name__ == "__main__":
    sys.exit(main())
