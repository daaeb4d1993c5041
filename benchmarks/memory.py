"""Peak memory of a real worker process that delivers a thousand mails, alone or before a million others."""

import re
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.bench import Bench
from benchmarks.copies import copy_delivery
from benchmarks.people import enrol
from benchmarks.rows import Result, Skipped, alternated, compared, limited
from benchmarks.runtimes import batches, deliveries, postgres_runtime
from benchmarks.smtp_servers import smtp_sink
from benchmarks.workers import PATIENCE_SECONDS, Worker, worker
from course.models import Delivery
from mailer.runtime import Runtime
from mailer.sending.plan import planning_step

PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
FEW = 1000
CONNECTIONS = 8


def run(bench: Bench) -> list[Result]:
    if not Path("/proc/self/status").exists():
        return [Skipped("a worker's peak memory", "this system has no /proc")]
    many = bench.size(1_000_000, 100_000)
    what = f"peak memory of a worker, {many:,} mails waiting"
    with (
        smtp_sink(bench) as sink,
        postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS)) as small,
        postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS)) as large,
    ):
        enrol(large, 1)
        planning_step(large)
        enrol(large, many - 1)
        copy_delivery(large)
        peaks = alternated(bench.rounds, lambda: _peak(bench, large), lambda: _peak(bench, small))
    note = "VmHWM of `dayletter work` after a batch of 1,000 over SMTP on PostgreSQL"
    return [
        limited(what, "MB", peaks[0], "at most", 150, [note]),
        compared(what, "MB", peaks[0], f"{FEW:,} waiting", peaks[1], "at most", 1.1),
    ]


def _peak(bench: Bench, runtime: Runtime) -> float:
    if not batches(runtime):
        enrol(runtime, FEW)
        planning_step(runtime)
    bench.redis.empty()
    wanted = deliveries(runtime, "accepted") + FEW
    with worker(bench, runtime) as process:
        runtime.queue.hurry([_full_batch(runtime)])
        _wait_for(runtime, wanted, process)
        found = PEAK.search(Path(f"/proc/{process.pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def _wait_for(runtime: Runtime, wanted: int, process: Worker) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while deliveries(runtime, "accepted") < wanted:
        if time.monotonic() > deadline or process.poll() is not None:
            raise AssertionError("the worker did not deliver its batch")
        time.sleep(0.1)


def _full_batch(runtime: Runtime) -> str:
    with runtime.db.read() as session:
        queued = select(Delivery.batch).where(Delivery.state == "queued").group_by(Delivery.batch)
        return session.scalars(queued.having(func.count() == FEW).limit(1)).one()
