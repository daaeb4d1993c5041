"""From the first due row to the last recorded acceptance, over SMTP: beside C programs, and beside a peer."""

import subprocess
import time

from benchmarks.bench import Bench
from benchmarks.course_text import MAIL_BYTES
from benchmarks.house import deliveries, postgres_house, send_all_due
from benchmarks.peer_post_office import post_office
from benchmarks.people import enrol
from benchmarks.rows import Result, Sample, Skipped, alternated, compared, limited
from benchmarks.smtp_servers import Sink, smtp_sink
from mailer.runtime import Runtime

CONNECTIONS = 8
WHAT = f"due to recorded as accepted, SMTP, 25 KB, PostgreSQL, {CONNECTIONS} connections"
HOW = "planning step, claim, fill, send and record in one process: RQ's SimpleWorker in a burst"


def run(bench: Bench) -> list[Result]:
    mails = bench.size(10_000, 2000)
    with smtp_sink(bench) as sink, postgres_house(bench, MAIL_URL=sink.url(CONNECTIONS)) as runtime:
        enrol(runtime, 200)
        send_all_due(runtime)

        def ours() -> float:
            enrol(runtime, mails)
            return _rate(sink, mails, runtime)

        if bench.postfix is None:
            found = limited(WHAT, "mails/s", Sample((ours(),)), "at least", 0, [HOW, f"against {sink.name}"])
            return [found, Skipped(f"{WHAT}, against smtp-source", "postfix is not to be had here")]
        source = bench.postfix.source
        fast, wire = alternated(bench.rounds, ours, lambda: _source_rate(sink, source, mails))
        rows: list[Result] = [compared(WHAT, "mails/s", fast, "smtp-source", wire, "at least", 0.8, [HOW])]
        rows.append(post_office(bench, sink, ours))
        return rows


def _rate(sink: Sink, mails: int, runtime: Runtime) -> float:
    before, recorded = sink.received(), deliveries(runtime, "accepted")
    began = time.perf_counter()
    send_all_due(runtime)
    seconds = time.perf_counter() - began
    if sink.received() - before != mails or deliveries(runtime, "accepted") - recorded != mails:
        raise AssertionError(f"{mails} were due, {sink.received() - before} came")
    return mails / seconds


def _source_rate(sink: Sink, source: tuple[str, ...], mails: int) -> float:
    before = sink.received()
    command = [*source, "-d", "-s", str(CONNECTIONS), "-m", str(mails), "-l", str(MAIL_BYTES)]
    command += ["-f", "courses@example.org", "-t", "learner@example.org", f"127.0.0.1:{sink.port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    if sink.received() - before != mails:
        raise AssertionError(f"smtp-source sent {mails}, {sink.received() - before} came")
    return mails / seconds
