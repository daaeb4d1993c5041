"""SendGrid's signed events, five hundred a post, through the site until they are recorded."""

import random
import time
from collections.abc import Iterator
from statistics import quantiles

from sqlalchemy import func, select

from benchmarks.bench import Bench
from benchmarks.instant import with_instant_provider
from benchmarks.people import enrol
from benchmarks.rows import Result, Sample, limited
from benchmarks.runtimes import batches, postgres_runtime, sqlite_runtime
from course.models import Attempt, Event
from mailer.runtime import Runtime
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step
from tests.support.servers.sendgrid_events import EventSigner
from web.app import create_app

A_POST = 500
KINDS = ("processed", "deferred", "deferred", "deferred", "delivered")
NOTE = "each mail's events in any order; through the Flask application, without a socket"
Post = tuple[bytes, dict[str, str]]


def run(bench: Bench) -> list[Result]:
    """Fifty posts a round: its 99th percentile is all but its slowest."""
    posts = bench.size(50, 20)
    signer = EventSigner()
    rows: list[Result] = []
    for kind, open_runtime in (("PostgreSQL", postgres_runtime), ("SQLite", sqlite_runtime)):
        with open_runtime(bench, SENDGRID_WEBHOOK_KEY=signer.public_key) as runtime:
            rounds = [_round(runtime, signer, posts) for _ in range(bench.rounds)]
        what = f"webhook, {A_POST} signed events a post, {kind}"
        rates, middles, slowest = (Sample(values) for values in zip(*rounds, strict=True))
        rows.append(limited(f"{what}: throughput", "events/s", rates, "at least", 3000, [NOTE]))
        half = f"{kind}: half of the posts took at most {middles.median:.0f} ms"
        rows.append(limited(f"{what}: 99th percentile", "ms", slowest, "at most", 250, [half]))
    return rows


def _round(runtime: Runtime, signer: EventSigner, posts: int) -> tuple[float, float, float]:
    """Events a second, median and 99th percentile of a post in ms."""
    attempts = _accepted_attempts(runtime, posts * A_POST // len(KINDS))
    known = _events(runtime)
    client = create_app(runtime).test_client()
    times: list[float] = []
    for body, headers in _posts(signer, attempts):
        began = time.perf_counter()
        answer = client.post("/hooks/sendgrid", data=body, headers=headers)
        times.append(time.perf_counter() - began)
        if answer.status_code >= 300:
            raise AssertionError(f"the webhook answered {answer.status}")
    if _events(runtime) - known != len(times) * A_POST:
        raise AssertionError("not every event was recorded")
    return len(times) * A_POST / sum(times), quantiles(times, n=100)[49] * 1e3, quantiles(times, n=100)[98] * 1e3


def _accepted_attempts(runtime: Runtime, count: int) -> list[str]:
    own = with_instant_provider(runtime)
    began = runtime.clock.real()
    enrol(own, count)
    planning_step(own)
    for batch in batches(own):
        deliver_batch(own, batch)
    with own.db.read() as session:
        return list(session.scalars(select(Attempt.id).where(Attempt.began_at >= began)))


def _posts(signer: EventSigner, attempts: list[str]) -> Iterator[Post]:
    now = int(time.time())
    events = [
        {
            "email": f"learner{number}@example.org",
            "timestamp": now + place,
            "event": kind,
            "sg_event_id": f"{attempt}{place}",
            "sg_message_id": f"{attempt}.filter",
            "smtp-id": f"<{attempt}@example.org>",
            "response": "250 2.0.0 OK",
            "attempt": attempt,
        }
        for number, attempt in enumerate(attempts)
        for place, kind in enumerate(KINDS)
    ]
    random.Random(1).shuffle(events)
    for first in range(0, len(events), A_POST):
        yield signer.signed_events(events[first : first + A_POST])


def _events(runtime: Runtime) -> int:
    with runtime.db.read() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0
