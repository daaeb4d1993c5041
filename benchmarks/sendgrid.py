"""SendGrid's API with a thousand learners a request, beside its own package with one."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Content, From, Mail, To

from benchmarks.bench import Bench
from benchmarks.course_text import MAIL_BYTES
from benchmarks.people import enrol
from benchmarks.processes import listens, python_process
from benchmarks.rows import Result, alternated, compared, limited, repeated
from benchmarks.runtimes import batches, deliveries, postgres_runtime
from benchmarks.smtp_servers import Sink, last_count
from benchmarks.workers import wait_until_sent, workers
from course.db import Database
from mailer.queue import MailQueue
from mailer.runtime import Runtime
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step
from tests.support.servers.guarded import GuardedProcess
from tests.support.servers.ports import free_port

KEY = "SG.benchmark"
WORKERS = 2
WHAT = "SendGrid's API, 1,000 learners a request, PostgreSQL"
NOTE = (
    f"claim, fill, request and record, all planned before; {WORKERS} workers: `dayletter work` processes,"
    " one worker: batch after batch in this process"
)


def run(bench: Bench) -> list[Result]:
    learners, singles = bench.size(20_000, 5000), bench.size(500, 200)
    with _http_sink(bench) as sink:
        settings = {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": KEY, "SENDGRID_API_URL": _url(sink)}
        with postgres_runtime(bench, **settings) as runtime:
            one = partial(_rate, runtime, sink, learners, _in_this_process)
            one()
            alone = repeated(bench.rounds, one)
            with workers(bench, runtime, WORKERS, SENDGRID_API_KEY=KEY, SENDGRID_API_URL=_url(sink)):
                two = partial(_rate, runtime, sink, learners, _by_workers)
                two()
                together, package = alternated(bench.rounds, two, lambda: _single_rate(sink, singles))
    return [
        limited(f"{WHAT}, {WORKERS} workers", "learners/s", together, "at least", 12_000, [NOTE]),
        compared(
            f"{WHAT}, {WORKERS} workers", "learners/s", together, "the sendgrid package", package, "at least", 10
        ),
        limited(f"{WHAT}, one worker", "learners/s", alone, "at least", 0),
    ]


class _HeldBack(MailQueue):
    """Takes batches, and lets no worker know."""

    def hurry(self, batches: Iterable[str], *, at_front: bool = False) -> bool:
        return True


def _rate(runtime: Runtime, sink: Sink, learners: int, deliver_all: Callable[[Runtime], None]) -> float:
    enrol(runtime, learners)
    before, recorded = sink.received(), deliveries(runtime, "accepted")
    _plan_aside(runtime)
    began = time.perf_counter()
    deliver_all(runtime)
    seconds = time.perf_counter() - began
    if sink.received() - before != learners or deliveries(runtime, "accepted") - recorded != learners:
        raise AssertionError(f"{learners} were due, {sink.received() - before} came")
    return learners / seconds


def _plan_aside(runtime: Runtime) -> None:
    """What is due waits for workers, who do not know."""
    queue = _HeldBack(runtime.settings.redis_url or "")
    with closing(queue), closing(Database(runtime.db.url, queue.hurry)) as database:
        planning_step(replace(runtime, db=database, queue=queue))


def _in_this_process(runtime: Runtime) -> None:
    for batch in batches(runtime):
        deliver_batch(runtime, batch)


def _by_workers(runtime: Runtime) -> None:
    runtime.queue.hurry(batches(runtime))
    wait_until_sent(runtime)


def _single_rate(sink: Sink, count: int) -> float:
    """The official package as its pages show it: its Mail helper, a request for each."""
    client = SendGridAPIClient(KEY, host=_url(sink))
    half = ("A line of a lesson, as long as lines are in mails.\n" * 1000)[: MAIL_BYTES // 2]
    before, began = sink.received(), time.perf_counter()
    for number in range(count):
        mail = Mail(From("courses@example.org"), To(f"learner{number}@example.org"), "Day 1")
        mail.add_content(Content("text/plain", f"Dear {number},\n{half}"))
        mail.add_content(Content("text/html", f"<p>Dear {number},</p>{half}"))
        client.send(mail)
    seconds = time.perf_counter() - began
    if sink.received() - before != count:
        raise AssertionError(f"{count} were sent, {sink.received() - before} came")
    return count / seconds


@contextmanager
def _http_sink(bench: Bench) -> Iterator[Sink]:
    log, port = bench.folder() / "http-sink.log", free_port()
    process = GuardedProcess(python_process("benchmarks.http_sink", str(port)), log, stop_with="TERM")
    try:
        process.wait_until(lambda: listens(port))
        yield Sink("an HTTP sink", port, lambda: last_count(log))
    finally:
        process.stop()


def _url(sink: Sink) -> str:
    return f"http://127.0.0.1:{sink.port}"
