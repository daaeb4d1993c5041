"""How much the fault tests do, and where they say what they saw: little in `make test`, much in `make faults`."""

import json
import os
import sys
import time
from pathlib import Path
from random import Random

FULL = os.environ.get("FAULTS", "") == "full"
REPORT = os.environ.get("FAULTS_REPORT", "")


def sized(small: int, full: int) -> int:
    return full if FULL else small


_seeds: list[str] = []


def dice(name: str) -> Random:
    """Printed, so that a failure can be had again with FAULTS_SEED."""
    seed = os.environ.get("FAULTS_SEED") or str(time.time_ns() % 1_000_000_000)
    _seeds.append(seed)
    sys.stdout.write(f"{name}: FAULTS_SEED={seed}\n")
    return Random(f"{seed} {name}")


def note(name: str, **numbers: float | str) -> None:
    """What a test saw: shown with `-s` or on failure, and a line of the report. `name`: `scenario, database`."""
    sys.stdout.write(f"{name}: {', '.join(f'{what} {number}' for what, number in numbers.items())}\n")
    if REPORT:
        with Path(REPORT).open("a") as report:
            scenario, _, database = name.partition(", ")
            told = {"scenario": scenario, "database": database, "seed": (_seeds or [""])[-1], **numbers}
            told["mutated"] = "/mutations/" in os.environ.get("PYTEST_CURRENT_TEST", "")
            report.write(json.dumps(told) + "\n")
