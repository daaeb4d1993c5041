"""From the first due row to the last recorded acceptance, over SMTP: beside C programs, and beside a peer."""

import subprocess
import time
from collections.abc import Callable
from functools import partial

from benchmarks.bench import Bench
from benchmarks.course_text import MAIL_BYTES
from benchmarks.peer_post_office import post_office
from benchmarks.people import enrol
from benchmarks.rows import Result, Skipped, alternated, compared, limited, repeated
from benchmarks.runtimes import deliveries, postgres_runtime, send_all_due
from benchmarks.smtp_servers import Sink, smtp_sink
from benchmarks.workers import wait_until_sent, workers
from mailer.runtime import Runtime
from mailer.sending.plan import planning_step

CONNECTIONS = 8
WORKERS = 2
WHAT = f"due to recorded as accepted, SMTP, 25 KB, PostgreSQL, {CONNECTIONS} connections"
FLOOR = 0.8
HOW = (
    f"two workers: a planning step here, and {WORKERS} `dayletter work` processes with {CONNECTIONS // WORKERS} "
    f"connections each; one worker: all in this process, RQ's SimpleWorker in a burst, {CONNECTIONS} connections"
)
NEW = "smtp-source"
KEPT = "smtp-source -d"
WHICH = f"{NEW} connects anew for each mail, {KEPT} keeps its connections, as we do"
Rate = Callable[[], float]


def run(bench: Bench) -> list[Result]:
    mails = bench.size(20_000, 4000)
    with smtp_sink(bench) as sink:
        with (
            postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS // WORKERS)) as runtime,
            workers(bench, runtime, WORKERS),
        ):
            two = _ours(sink, mails, runtime, _by_workers)
            rows = _beside_source(bench, sink, mails, two, f"{WHAT}, two workers")
            rows.append(post_office(bench, sink, two))
        with postgres_runtime(bench, MAIL_URL=sink.url(CONNECTIONS)) as runtime:
            one = _ours(sink, mails, runtime, send_all_due)
            rows += _beside_source(bench, sink, mails, one, f"{WHAT}, one worker")
    return rows


def _beside_source(bench: Bench, sink: Sink, mails: int, ours: Rate, what: str) -> list[Result]:
    if bench.postfix is None:
        alone = limited(
            what, "mails/s", repeated(bench.rounds, ours), "at least", 0, [HOW, f"against {sink.name}"]
        )
        return [alone, Skipped(f"{what}, beside smtp-source", "postfix is not to be had here")]
    source = bench.postfix.source
    rows: list[Result] = []
    for name, options in ((NEW, ()), (KEPT, ("-d",))):
        theirs = partial(_source_rate, sink, (*source, *options), mails)
        rates = alternated(bench.rounds, ours, theirs)
        rows.append(compared(what, "mails/s", rates[0], name, rates[1], "at least", FLOOR, [HOW, WHICH]))
    return rows


def _by_workers(runtime: Runtime) -> None:
    planning_step(runtime)
    wait_until_sent(runtime)


def _ours(sink: Sink, mails: int, runtime: Runtime, send_all: Callable[[Runtime], None]) -> Rate:
    def rate(count: int = mails) -> float:
        enrol(runtime, count)
        before, recorded = sink.received(), deliveries(runtime, "accepted")
        began = time.perf_counter()
        send_all(runtime)
        seconds = time.perf_counter() - began
        if sink.received() - before != count or deliveries(runtime, "accepted") - recorded != count:
            raise AssertionError(f"{count} were due, {sink.received() - before} came")
        return count / seconds

    rate(200)
    return rate


def _source_rate(sink: Sink, source: tuple[str, ...], mails: int) -> float:
    before = sink.received()
    command = [*source, "-s", str(CONNECTIONS), "-m", str(mails), "-l", str(MAIL_BYTES)]
    command += ["-f", "courses@example.org", "-t", "learner@example.org", f"127.0.0.1:{sink.port}"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    if sink.received() - before != mails:
        raise AssertionError(f"smtp-source sent {mails}, {sink.received() - before} came")
    return mails / seconds
