"""Planning and claiming ten thousand due learners, until the claim of each batch is committed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.orm import Session

from benchmarks.bench import Bench
from benchmarks.house import batches, deliveries, postgres_house, sqlite_house
from benchmarks.instant import with_instant_provider
from benchmarks.people import enrol
from benchmarks.rows import Result, alternated, limited
from mailer.deliver import deliver
from mailer.plan import plan
from mailer.runtime import Runtime

FLOOR = 10_000
NOTE = "the planning step, which batches, and of each delivery what comes before the commit of its claim"


def run(bench: Bench) -> list[Result]:
    learners = bench.size(10_000, 3000)
    with postgres_house(bench) as postgres, sqlite_house(bench) as sqlite:
        for runtime in (postgres, sqlite):
            _rate(
                runtime, learners
            )  # the first to write so much also makes the log files that are used again after
        rates = alternated(bench.rounds, lambda: _rate(postgres, learners), lambda: _rate(sqlite, learners))
    rows = zip(("PostgreSQL", "SQLite"), rates, strict=True)
    what = f"planning and claiming {learners:,} due learners"
    return [limited(f"{what}, {kind}", "learners/s", rate, "at least", FLOOR, [NOTE]) for kind, rate in rows]


def _rate(runtime: Runtime, learners: int) -> float:
    own = with_instant_provider(runtime)
    enrol(own, learners)
    recorded, began = deliveries(own, "accepted"), time.perf_counter()
    plan(own)
    spent = time.perf_counter() - began
    with _commits() as commits:
        for batch in batches(own):
            commits.clear()
            began = time.perf_counter()
            deliver(own, batch)
            spent += commits[0] - began
    if deliveries(own, "accepted") - recorded != learners:
        raise AssertionError(f"not all of {learners} were accepted")
    return learners / spent


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
