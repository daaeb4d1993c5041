"""The two long-running processes: a worker that sends, and a clock process that plans.

What is loaded when they begin stays to the end: frozen, it costs no look of the garbage collector at each batch.
What a batch makes goes by itself, so the collector need not look after every seven hundred letters.
"""

import gc
import logging
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from rq import SimpleWorker
from rq.exceptions import StopRequested
from sqlalchemy.exc import SQLAlchemyError

from mailer import jobs
from mailer.queue import MailJob, RedisAway, drop_former_jobs, worker_queue
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.plan import planning_step

COLLECT_AFTER = 50_000
STEP_SECONDS = 0.5
AGAIN_SECONDS = 1.0
DROPPED_SHOWN = 10

log = logging.getLogger("dayletter")


class _Worker(SimpleWorker):
    """Works in its own process: a job is one batch, so a fork each would buy nothing.

    A forked job would also outlive the `kill -9` of its worker.
    """

    max_connection_wait_time = 2.0


def freeze() -> None:
    """To be called once all is loaded."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def take_batches(runtime: Runtime) -> None:
    """Takes batches from Redis until SIGTERM or SIGINT; outlives a Redis that goes away and comes back."""
    jobs.use(runtime)
    freeze()
    journal.forget_old(runtime.journals, runtime.clock.real().timestamp())
    again = threading.Event()
    # RQ answers a signal by raising StopRequested wherever the process happens to be.
    with suppress(StopRequested):
        while not _worked(runtime.settings.redis_url or ""):
            again.wait(AGAIN_SECONDS)


def _worked(redis_url: str) -> bool:
    """Whether a worker ran until it was asked to stop."""
    try:
        worker = open_worker(redis_url)
        worker.work(logging_level="WARNING")
    except RedisAway as problem:
        log.warning("Redis is away (%s); trying again", problem)
        return False
    return worker._shutdown_requested_date is not None


def open_worker(redis_url: str) -> SimpleWorker:
    """Who takes jobs, in this process; what an earlier version left in Redis is dropped. Raises RedisAway."""
    queue = worker_queue(redis_url)
    _report_dropped(drop_former_jobs(queue))
    return _Worker([queue], worker_ttl=60, job_class=MailJob, serializer=queue.serializer)


def _report_dropped(jobs_before: Sequence[str]) -> None:
    if jobs_before:
        log.warning(
            "Dropped %d jobs that the version before had left in Redis (%s). Mails to learners are asked for again"
            " by their rows; whoever waits for another (a lost link, a sign-in, a test mail) must ask once more",
            len(jobs_before),
            ", ".join(jobs_before[:DROPPED_SHOWN]) + (", …" if len(jobs_before) > DROPPED_SHOWN else ""),
        )


def tick(runtime: Runtime) -> None:
    """A planning step every half second until SIGTERM or SIGINT; any number of these processes may run."""
    freeze()
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    while not stop.is_set():
        try:
            planning_step(runtime)
        except SQLAlchemyError as problem:
            log.warning("The database did not answer (%s); trying again", problem)
        stop.wait(STEP_SECONDS)
