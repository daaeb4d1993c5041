"""SendGrid's API with a thousand learners a request, beside its own package with one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sendgrid import SendGridAPIClient
from sendgrid.helpers.mail import Content, From, Mail, To

from benchmarks.bench import Bench
from benchmarks.course_text import MAIL_BYTES
from benchmarks.house import batches, deliveries, postgres_house
from benchmarks.people import enrol
from benchmarks.processes import listens, python_process
from benchmarks.rows import Result, Sample, alternated, compared, limited
from benchmarks.smtp_servers import Sink, last_count
from mailer.deliver import deliver
from mailer.plan import plan
from mailer.runtime import Runtime
from tests.support.guarded import GuardedProcess
from tests.support.ports import free_port

KEY = "SG.benchmark"
WHAT = "SendGrid's API, 1,000 learners a request, PostgreSQL"


def run(bench: Bench) -> list[Result]:
    learners, singles = bench.size(20_000, 5000), bench.size(500, 200)
    with _http_sink(bench) as sink:
        settings = {"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": KEY, "SENDGRID_API_URL": _url(sink)}
        with postgres_house(bench, **settings) as runtime:
            enrol(runtime, 1000)
            _rates(runtime, sink, 1000)
            whole: list[float] = []

            def ours() -> float:
                enrol(runtime, learners)
                with_plan, rate = _rates(runtime, sink, learners)
                whole.append(with_plan)
                return rate

            rates = alternated(bench.rounds, ours, lambda: _single_rate(sink, singles))
    note = "claim, fill, request and record, batch after batch in this process; the planning step is the row below"
    return [
        limited(WHAT, "learners/s", rates[0], "at least", 12_000, [note]),
        limited(f"{WHAT}, from the planning step on", "learners/s", Sample(tuple(whole)), "at least", 12_000),
        compared(WHAT, "learners/s", rates[0], "the sendgrid package", rates[1], "at least", 10),
    ]


def _rates(runtime: Runtime, sink: Sink, learners: int) -> tuple[float, float]:
    """With and without the planning step."""
    before, recorded, began = sink.received(), deliveries(runtime, "accepted"), time.perf_counter()
    plan(runtime)
    planned = time.perf_counter()
    waiting = batches(runtime)
    listed = time.perf_counter()
    for batch in waiting:
        deliver(runtime, batch)
    ended = time.perf_counter()
    if sink.received() - before != learners or deliveries(runtime, "accepted") - recorded != learners:
        raise AssertionError(f"{learners} were due, {sink.received() - before} came")
    return learners / (planned - began + ended - listed), learners / (ended - listed)


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
