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
from typing import Any

from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout, StopRequested
from rq.job import Job
from rq.timeouts import BaseDeathPenalty
from sqlalchemy.exc import SQLAlchemyError

from course.db import Database
from course.errors import WrongSchema
from course.traces import named, reason_of
from mailer import jobs
from mailer.bounces.reading import begin_reading
from mailer.complaint import Complaint
from mailer.purging import DailyPurge
from mailer.queue import QUEUE, MailJob, RedisAway, bound_failed_jobs, drop_former_jobs, worker_queues
from mailer.runtime import Runtime
from mailer.sending import journal
from mailer.sending.continuity import hold_if_keys_are_missed
from mailer.sending.plan import planning_step

COLLECT_AFTER = 50_000
STEP_SECONDS = 0.5
AGAIN_SECONDS = 1.0
LOOK_SECONDS = 1
"""How long Redis is asked for a job at a time. As long may a stop take where there is none."""
DROPPED_SHOWN = 10
MOST_IN_A_ROW = 20
"""So many jobs for people at screens, then one for others that wait: who floods a form stops no lesson."""

log = logging.getLogger("dayletter")


class _NoDeathPenalty(BaseDeathPenalty):
    """RQ would raise in the middle of whatever a job is at, and leave letters in doubt: a batch ends by itself."""

    def setup_death_penalty(self) -> None:
        """Set no alarm."""

    def cancel_death_penalty(self) -> None:
        """There is none to cancel."""


class _Worker(SimpleWorker):
    """Works in its own process: a job is one batch, so a fork each would buy nothing.

    A forked job would also outlive the `kill -9` of its worker. Nothing here is raised out of a signal, which
    might come in the middle of anything: `stop` is looked at between two jobs, and by the jobs themselves.
    """

    death_penalty_class = _NoDeathPenalty

    def __init__(self, queues: Sequence[Queue], stop: threading.Event) -> None:
        super().__init__(queues, worker_ttl=60, job_class=MailJob, serializer=queues[0].serializer)
        self._stop = stop
        self._in_a_row = 0
        self._complaint = Complaint(log)

    def _install_signal_handlers(self) -> None:
        """Leave them to `_stop_on_signals`."""

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """Waits for a job, however long and while Redis is away, and then raises StopRequested; without a
        `timeout`, None if there is no job now."""
        if timeout is None:
            return super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
        while not self._stop.is_set():
            try:
                found = self._look_for_a_job()
            except RedisAway as problem:
                self._complaint.say(f"Redis is away ({problem}); trying again")
                self._stop.wait(AGAIN_SECONDS)
                continue
            self._complaint.is_over()
            if found is not None:
                return found
        raise StopRequested

    def _look_for_a_job(self) -> tuple[Job, Queue] | None:
        self.heartbeat()
        if self.should_run_maintenance_tasks:
            self.run_maintenance_tasks()  # type: ignore[no-untyped-call]
        try:
            found = self.queue_class.dequeue_any(
                self._in_turn(),
                LOOK_SECONDS,
                connection=self.connection,
                job_class=self.job_class,
                serializer=self.serializer,
                death_penalty_class=self.death_penalty_class,
            )
        except DequeueTimeout:
            return None
        awaited = found is not None and found[1].name != QUEUE
        self._in_a_row = self._in_a_row + 1 if awaited else 0
        if found is not None:
            found[0].redis_server_version = self.get_redis_server_version()  # type: ignore[no-untyped-call]
        return found

    def _in_turn(self) -> Sequence[Queue]:
        """Whoever waits at a screen comes first, but not for ever."""
        return self.queues[::-1] if self._in_a_row >= MOST_IN_A_ROW else self.queues

    def handle_job_failure(self, job: Job, queue: Queue, *told: Any, **more: Any) -> None:
        super().handle_job_failure(job, queue, *told, **more)
        bound_failed_jobs(queue)


def freeze() -> None:
    """To be called once all is loaded."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def take_batches(runtime: Runtime) -> None:
    """Takes batches from Redis until it is asked to stop; outlives a Redis that goes away and comes back."""
    stop = _stop_on_signals()
    jobs.use(runtime, stop.is_set)
    freeze()
    wait_for_tables(runtime.db, stop)
    journal.forget_old(runtime.journals, runtime.clock.real().timestamp())
    complaint = Complaint(log)
    while not stop.is_set():
        try:
            opened = open_worker(runtime.settings.redis_url or "", stop)
            complaint.is_over()
            opened.work(logging_level="WARNING")
        except RedisAway as problem:
            complaint.say(f"Redis is away ({problem}); trying again")
        stop.wait(AGAIN_SECONDS)


def open_worker(redis_url: str, stop: threading.Event | None = None) -> SimpleWorker:
    """Who takes jobs, in this process, until `stop`; what an earlier version left in Redis is dropped. Raises
    RedisAway."""
    queues = worker_queues(redis_url)
    _report_dropped(drop_former_jobs(queues[0]))
    return _Worker(queues, stop or threading.Event())


def _report_dropped(jobs_before: Sequence[str]) -> None:
    if jobs_before:
        log.warning(
            "Dropped %d jobs that the version before had left in Redis (%s). Mails to learners are asked for again"
            " by their rows; whoever waits for another (a lost link, a sign-in, a test mail) must ask once more",
            len(jobs_before),
            ", ".join(jobs_before[:DROPPED_SHOWN]) + (", …" if len(jobs_before) > DROPPED_SHOWN else ""),
        )


def tick(runtime: Runtime) -> None:
    """A planning step every half second until it is asked to stop; any number of these processes may run. Beside
    it the mailbox for bounces is read, and once a day what is past its time is purged."""
    freeze()
    stop = _stop_on_signals()
    wait_for_tables(runtime.db, stop)
    begin_reading(runtime, stop)
    complaint, purge = Complaint(log), DailyPurge(runtime)
    with suppress(SQLAlchemyError):  # each planning step asks again
        hold_if_keys_are_missed(runtime, runtime.clock.real())
    while not stop.is_set():
        try:
            planning_step(runtime)
            purge.go_on()
        except SQLAlchemyError as problem:
            complaint.say(f"The database did not answer ({named(problem)}); trying again")
        # Whatever it is: a clock that died of it would plan nobody any more.
        except Exception as problem:
            complaint.say(f"A planning step failed ({reason_of(problem)}); trying again", logging.ERROR)
        else:
            complaint.is_over()
        stop.wait(STEP_SECONDS)


def wait_for_tables(database: Database, stop: threading.Event) -> None:
    """Waits until the database answers and its tables are this version's, or until `stop`."""
    complaint = Complaint(log)
    while not stop.is_set():
        try:
            database.require_schema()
        except WrongSchema as problem:
            complaint.say(f"{problem} Waiting until that is done")
        except SQLAlchemyError as problem:
            complaint.say(f"The database did not answer ({named(problem)}); trying again")
        else:
            return
        stop.wait(AGAIN_SECONDS)


def _stop_on_signals() -> threading.Event:
    """Set by the first SIGTERM or SIGINT, or SIGHUP unless that is ignored, as by `nohup`. Further ones change
    nothing: an impatient Ctrl-C would leave letters in doubt."""
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, ask_to_stop)
    return stop
