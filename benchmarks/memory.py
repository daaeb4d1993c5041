"""Peak memory of a real worker process that delivers a thousand mails, alone or before a million others."""

import re
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.bench import Bench
from benchmarks.copies import copy_delivery
from benchmarks.house import SITE, batches, deliveries, postgres_house
from benchmarks.people import enrol
from benchmarks.rows import Result, Skipped, alternated, compared, limited
from benchmarks.smtp_servers import smtp_sink
from course.models import Delivery
from course.settings import environment
from mailer.plan import plan
from mailer.runtime import Runtime

WORKER = Path(sys.executable).parent / "dayletter"
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
PATIENCE_SECONDS = 60
FEW = 1000
CONNECTIONS = 8


def run(bench: Bench) -> list[Result]:
    if not Path("/proc/self/status").exists():
        return [Skipped("a worker's peak memory", "this system has no /proc")]
    many = bench.size(1_000_000, 100_000)
    what = f"peak memory of a worker, {many:,} mails waiting"
    with (
        smtp_sink(bench) as sink,
        postgres_house(bench, MAIL_URL=sink.url(CONNECTIONS)) as small,
        postgres_house(bench, MAIL_URL=sink.url(CONNECTIONS)) as large,
    ):
        enrol(large, 1)
        plan(large)
        enrol(large, many - 1)
        copy_delivery(large)
        peaks = alternated(bench.rounds, lambda: _peak(large, bench), lambda: _peak(small, bench))
    note = "VmHWM of `dayletter work` after a batch of 1,000 over SMTP on PostgreSQL"
    return [
        limited(what, "MB", peaks[0], "at most", 150, [note]),
        compared(what, "MB", peaks[0], f"{FEW:,} waiting", peaks[1], "at most", 1.1),
    ]


def _peak(runtime: Runtime, bench: Bench) -> float:
    if not batches(runtime):
        enrol(runtime, FEW)
        plan(runtime)
    runtime.queue.redis.flushall()
    wanted = deliveries(runtime, "accepted") + FEW
    with (bench.folder() / "worker.log").open("wb") as log:
        worker = subprocess.Popen([WORKER, "work"], env=_environment(runtime), stdout=log, stderr=log)
        try:
            runtime.queue.hurry(_full_batches(runtime))
            deadline = time.monotonic() + PATIENCE_SECONDS
            while deliveries(runtime, "accepted") < wanted:
                if time.monotonic() > deadline or worker.poll() is not None:
                    raise AssertionError(f"the batch was not delivered: {Path(log.name).read_text()[-2000:]}")
                time.sleep(0.1)
            found = PEAK.search(Path(f"/proc/{worker.pid}/status").read_text())
            assert found is not None
            return int(found[1]) / 1024
        finally:
            worker.terminate()
            worker.wait()


def _full_batches(runtime: Runtime) -> list[str]:
    """One batch of a thousand."""
    with runtime.db.read() as session:
        full = select(Delivery.batch).where(Delivery.state == "queued").group_by(Delivery.batch)
        return list(session.scalars(full.having(func.count() == FEW).limit(1)))


def _environment(runtime: Runtime) -> dict[str, str]:
    settings = runtime.settings
    return {
        "PATH": environment()["PATH"],
        **SITE,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "VAR_DIR": str(settings.var_dir),
        "MAIL_URL": settings.mail_url,
    }
