"""A planning step while a thousand mails are in doubt, with few and with a million mails in the past."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from sqlalchemy import select, update

from benchmarks.bench import Bench
from benchmarks.instant import with_instant_provider
from benchmarks.past import COPIES, fill_past
from benchmarks.people import analyse, enrol
from benchmarks.rows import Result, alternated, compared, limited
from benchmarks.runtimes import batches, deliveries, postgres_runtime, sqlite_runtime
from course.models import Delivery
from mailer.runtime import Runtime
from mailer.sending.deliver import deliver_batch
from mailer.sending.plan import planning_step
from tests.support.servers.sendgrid_events import EventSigner

IN_DOUBT = 1000
STEPS = 20
RUNTIMES = {"PostgreSQL": postgres_runtime, "SQLite": sqlite_runtime}


def run(bench: Bench) -> list[Result]:
    few, many = 10_000, bench.size(1_000_000, 100_000)
    # Its events are to be heard; nobody asks SendGrid anything here.
    environment = {
        **{"MAIL_URL": "sendgrid:", "SENDGRID_API_KEY": "SG.key", "SENDGRID_API_URL": "http://127.0.0.1:9"},
        "SENDGRID_WEBHOOK_KEY": EventSigner().public_key,
    }
    rows: list[Result] = []
    for kind, open_runtime in RUNTIMES.items():
        with ExitStack() as stack:
            small, large = (stack.enter_context(open_runtime(bench, **environment)) for _ in range(2))
            _fill(small, few)
            _fill(large, many)
            steps = alternated(bench.rounds, _median_step(large), _median_step(small))
        what = f"sweep, {IN_DOUBT:,} mails in doubt, no event since, {kind}, {many:,} past mails"
        rows.append(limited(what, "ms", steps[0], "at most", 100.0))
        rows.append(compared(what, "ms", steps[0], f"{few:,} past mails", steps[1], "at most", 1.2))
    return rows


def _fill(runtime: Runtime, count: int) -> None:
    own = with_instant_provider(runtime)
    enrol(own, 1)
    planning_step(own)
    for batch in batches(own):
        deliver_batch(own, batch)
    fill_past(own, count - 1)
    doubtful = select(Delivery.id).where(COPIES).limit(IN_DOUBT)
    with own.db.write() as session:
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(doubtful))
            .values(state="uncertain", uncertain_at=Delivery.answered_at, answered_at=None)
        )
    analyse(own)


def _median_step(runtime: Runtime) -> Callable[[], float]:
    def step() -> float:
        began = time.perf_counter()
        planning_step(runtime)
        spent = (time.perf_counter() - began) * 1e3
        if deliveries(runtime, "uncertain") != IN_DOUBT:
            raise AssertionError("silence has settled a doubt")
        return spent

    return lambda: median(step() for _ in range(STEPS))
