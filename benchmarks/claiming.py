"""Planning and claiming ten thousand due learners: one after the other, and as a site does, both at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session

from benchmarks.bench import Bench
from benchmarks.instant import with_instant_provider
from benchmarks.people import enrol
from benchmarks.processes import python_process
from benchmarks.rows import Result, alternated, limited, repeated
from benchmarks.runtimes import batches, deliveries, postgres_runtime, sqlite_runtime
from benchmarks.workers import wait_until_sent, worker
from mailer.runtime import Runtime
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step

FLOOR = 10_000
NOTE = "the planning step, which batches, and of each delivery what comes before the commit of its claim"
AT_ONCE = (
    "until all is recorded: a planning step here, and a worker process with a provider that takes all at once"
)


def run(bench: Bench) -> list[Result]:
    learners = bench.size(10_000, 3000)
    with postgres_runtime(bench) as postgres, sqlite_runtime(bench) as sqlite:
        # The first to write so much also makes the log files that are used again after.
        for runtime in (postgres, sqlite):
            _rate(runtime, learners)
        rates = alternated(bench.rounds, lambda: _rate(postgres, learners), lambda: _rate(sqlite, learners))
        with worker(bench, postgres, python_process("benchmarks.instant_worker")):
            at_once = repeated(bench.rounds, lambda: _rate_at_once(postgres, learners))
    what = f"planning and claiming {learners:,} due learners"
    return [
        limited(f"{what}, PostgreSQL", "learners/s", rates[0], "at least", FLOOR, [NOTE]),
        limited(f"{what}, SQLite", "learners/s", rates[1], "at least", FLOOR),
        limited(f"{what}, PostgreSQL, two processes at once", "learners/s", at_once, "at least", FLOOR, [AT_ONCE]),
    ]


def _rate(runtime: Runtime, learners: int) -> float:
    own = with_instant_provider(runtime)
    enrol(own, learners)
    recorded, began = deliveries(own, "accepted"), time.perf_counter()
    planning_step(own)
    spent = time.perf_counter() - began
    with _commits() as commits:
        for batch in batches(own):
            commits.clear()
            began = time.perf_counter()
            deliver_batch(own, batch)
            spent += commits[0] - began
    if deliveries(own, "accepted") - recorded != learners:
        raise AssertionError(f"not all of {learners} were accepted")
    return learners / spent


def _rate_at_once(runtime: Runtime, learners: int) -> float:
    enrol(runtime, learners)
    recorded, began = deliveries(runtime, "accepted"), time.perf_counter()
    planning_step(runtime)
    wait_until_sent(runtime)
    seconds = time.perf_counter() - began
    if deliveries(runtime, "accepted") - recorded != learners:
        raise AssertionError(f"not all of {learners} were accepted")
    return learners / seconds


@contextmanager
def _commits() -> Iterator[list[float]]:
    """When each transaction was committed."""
    moments: list[float] = []

    def committed(_: Session) -> None:
        moments.append(time.perf_counter())

    event.listen(Session, "after_commit", committed)
    try:
        yield moments
    finally:
        event.remove(Session, "after_commit", committed)
