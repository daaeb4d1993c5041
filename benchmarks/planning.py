"""A planning step with nothing due, with few enrolments and with a million, each with a lesson behind it."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from statistics import median

from benchmarks.bench import Bench
from benchmarks.copies import copy_delivery
from benchmarks.instant import with_instant_provider
from benchmarks.people import enrol
from benchmarks.rows import Result, alternated, compared, limited
from benchmarks.runtimes import batches, postgres_runtime, sqlite_runtime
from mailer.runtime import Runtime
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step

STEPS = 100
RUNTIMES = {"PostgreSQL": postgres_runtime, "SQLite": sqlite_runtime}


def run(bench: Bench) -> list[Result]:
    few, many = 10_000, bench.size(1_000_000, 100_000)
    rows: list[Result] = []
    for kind, open_runtime in RUNTIMES.items():
        with ExitStack() as stack:
            small, large = (stack.enter_context(open_runtime(bench)) for _ in range(2))
            _fill(small, few)
            _fill(large, many)
            steps = alternated(bench.rounds, _median_step(large), _median_step(small))
        what = f"planning step, nothing due, {kind}, {many:,} enrolments"
        rows.append(limited(what, "ms", steps[0], "at most", 2.0))
        rows.append(compared(what, "ms", steps[0], f"{few:,} enrolments", steps[1], "at most", 1.2))
    return rows


def _fill(runtime: Runtime, count: int) -> None:
    """The first learner gets a lesson through the engine, and all others a copy of it."""
    own = with_instant_provider(runtime)
    enrol(own, 1)
    planning_step(own)
    for batch in batches(own):
        deliver_batch(own, batch)
    enrol(own, count - 1, due_in=timedelta(hours=20))
    copy_delivery(own)


def _median_step(runtime: Runtime) -> Callable[[], float]:
    def step() -> float:
        began = time.perf_counter()
        planned = planning_step(runtime)
        spent = (time.perf_counter() - began) * 1e3
        if planned.looked_at:
            raise AssertionError("something was due")
        return spent

    return lambda: median(step() for _ in range(STEPS))
