"""How much the fault tests do: little in `make test`, much in `make faults`."""

import os
import time
from random import Random

FULL = os.environ.get("FAULTS", "") == "full"


def sized(small: int, full: int) -> int:
    return full if FULL else small


def dice(name: str) -> Random:
    """Printed, so that a failure can be had again with FAULTS_SEED."""
    seed = os.environ.get("FAULTS_SEED") or str(time.time_ns() % 1_000_000_000)
    print(f"{name}: FAULTS_SEED={seed}")
    return Random(f"{seed} {name}")
