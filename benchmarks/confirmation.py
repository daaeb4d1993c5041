"""How long somebody at a screen waits for a confirmation beside a queue of lessons, with one worker and a slow
server."""

import time
from functools import partial

from sqlalchemy import select

from benchmarks.bench import Bench
from benchmarks.people import enrol
from benchmarks.rows import Result, alternated, compared, limited, repeated
from benchmarks.runtimes import postgres_runtime
from benchmarks.smtp_servers import Sink, smtp_sink
from benchmarks.workers import PATIENCE_SECONDS, POLL_SECONDS, worker
from course.enrolment.joining import register
from course.enrolment.registration import Registration
from course.ids import new_id
from course.models import CourseRow, Delivery
from mailer.runtime import Runtime
from mailer.sending.plan import planning_step

A_MAIL = 0.01
PROMISED = 10.0
FLOOR = 0.95
VISITS_SECONDS = 5.0
"""Between two visitors, where it is about what the lessons lose by them."""


def run(bench: Bench) -> list[Result]:
    lessons, visitors, seconds = bench.size(100_000, 20_000), bench.size(10, 3), bench.size(20, 10)
    with smtp_sink(bench, A_MAIL) as sink, postgres_runtime(bench, MAIL_URL=sink.url(1)) as runtime:
        enrol(runtime, lessons)
        planning_step(runtime)
        with worker(bench, runtime):
            _wait(runtime, _visit(runtime))
            waits = repeated(bench.rounds, partial(_longest_wait, runtime, visitors))
            rates = alternated(
                bench.rounds, partial(_rate, runtime, sink, seconds), partial(_rate_alone, sink, seconds)
            )
    where = f"{lessons:,} lessons in the queue, one worker, {A_MAIL * 1000:.0f} ms a mail"
    how = f"the longest of {visitors} waits a round, from the registration to the recorded acceptance"
    each = f"a visitor each {VISITS_SECONDS:.0f} s"
    return [
        limited(f"a confirmation's wait, {where}", "s", waits, "at most", PROMISED, [how]),
        compared(f"lessons, {where}, {each}", "mails/s", rates[0], "no visitors", rates[1], "at least", FLOOR),
    ]


def _longest_wait(runtime: Runtime, visitors: int) -> float:
    return max(_wait(runtime, _visit(runtime)) for _ in range(visitors))


def _visit(runtime: Runtime) -> str:
    """Somebody registers; the delivery of their confirmation."""
    email = f"visitor-{new_id()}@example.net"
    with runtime.db.write() as session:
        published = runtime.shelf.course(session, session.scalars(select(CourseRow.id)).one())
        register(session, published, Registration(email, "", "UTC", 8, False), runtime.clock.times())
        newest = select(Delivery.id).where(Delivery.kind == "confirm", Delivery.state == "queued")
        return session.scalars(newest).one()


def _wait(runtime: Runtime, delivery: str) -> float:
    """The seconds until it is recorded as accepted."""
    began = time.monotonic()
    while True:
        with runtime.db.read() as session:
            if session.scalar(select(Delivery.state).where(Delivery.id == delivery)) == "accepted":
                return time.monotonic() - began
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise AssertionError("a confirmation did not come")
        time.sleep(POLL_SECONDS)


def _rate(runtime: Runtime, sink: Sink, seconds: float) -> float:
    """Lessons a second while visitors come."""
    before, began, visits = sink.received(), time.monotonic(), 0
    while time.monotonic() - began < seconds:
        _wait(runtime, _visit(runtime))
        visits += 1
        time.sleep(max(0.0, began + visits * VISITS_SECONDS - time.monotonic()))
    return (sink.received() - before - visits) / (time.monotonic() - began)


def _rate_alone(sink: Sink, seconds: float) -> float:
    before, began = sink.received(), time.monotonic()
    time.sleep(seconds)
    return (sink.received() - before) / (time.monotonic() - began)
