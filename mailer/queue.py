"""The only owner of the Redis connection. A queue entry says "look now"; the rows say what there is to do.

Whoever can write to Redis can have our own jobs done, and nothing else: an entry is JSON, which runs no code when
it is read, and may name none but `JOBS`.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import StopRequested
from rq.job import Job
from rq.queue import EnqueueData
from rq.results import Result
from rq.serializers import JSONSerializer
from rq.timeouts import BaseTimeoutException

from course.db import is_awaited, is_first
from course.ids import new_id
from course.traces import traced
from mailer import time_limits
from mailer.complaint import Complaint
from mailer.compose.message import Letter, Template
from mailer.compose.message_json import mail_to_json

RedisAway = RedisError
STOPS = (StopRequested, BaseTimeoutException)
"""By these RQ ends a job, wherever it is: no fault of what the job deals with."""

FIRST_QUEUE = "first-json"
"""For mails that a person waits for at a screen who has shown to be one: workers look here first."""

AWAITED_QUEUE = "awaited-json"
"""For all else that somebody waits for at a screen, be it a person or not."""

QUEUE = "mail-json"
"""For all others. Entries of another form are another version's: a new form takes new names, and the old ones go
to the next."""

QUEUES = (FIRST_QUEUE, AWAITED_QUEUE, QUEUE)
"""In the order in which workers look into them."""

FORMER_QUEUES = ("mail",)
JOB = "mailer.jobs.deliver"
PROBE_JOB = "mailer.jobs.probe"
SIGN_IN_JOB = "mailer.jobs.sign_in"
LOST_LINK_JOB = "mailer.jobs.lost_link"
TRY_OUT_JOB = "mailer.jobs.try_out"
JOBS = frozenset({JOB, PROBE_JOB, SIGN_IN_JOB, LOST_LINK_JOB, TRY_OUT_JOB})
MOST_FAILED = 100
"""How many failed jobs Redis keeps, the newest, for an hour: to be looked into, not to pile up."""

SOON_SECONDS = 2.0

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job broke off; its words say where and of what kind, and no more."""


class MailJob(Job):
    """A call of one of `JOBS`, whatever else stands in its entry."""

    def restore(self, raw_data: Any) -> Any:
        """Reads the entry, but for further functions that RQ would call, and addresses that it would tell."""
        restored = super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        return restored

    def perform(self) -> Any:
        """Does it. A name that is none of ours is another version's: it is dropped, for the rows ask again."""
        if self.func_name not in JOBS:
            log.warning("Dropped the job %s: this version has no %s", self.id, self.func_name)
            return None
        try:
            return super().perform()
        except (StopRequested, BaseTimeoutException):
            raise  # RQ's own, which it knows what to do about
        # RQ would keep its words in Redis, and they may hold an address: only its trace goes on.
        except Exception as problem:
            # What RQ is told it logs, and keeps in Redis.
            raise JobFailed(f"{self.func_name}\n{traced(problem)}") from None


class MailQueue:
    """Batches on their way to workers. With Redis away nothing is lost: the planning step asks again."""

    def __init__(self, url: str) -> None:
        # A web request must not hang on a Redis that is away; workers wait on a connection of their own.
        self.redis = Redis.from_url(url, socket_timeout=SOON_SECONDS, socket_connect_timeout=SOON_SECONDS)
        self._first, self._awaited, self._queue = (_queue(name, self.redis) for name in QUEUES)
        self._complaint = Complaint(log)

    def hurry(self, batches: Iterable[str], *, at_front: bool = False) -> bool:
        """Enqueues each batch; False if Redis is away. After the commit, which `Database.write` sees to.

        `at_front`: before all others of its queue.
        """
        entries: defaultdict[Queue, list[EnqueueData]] = defaultdict(list)
        for batch in batches:
            # The batch is part of the id, so that the queue can be asked what it holds.
            name = f"{batch}-{new_id()[:8]}"
            data = Queue.prepare_data(
                JOB, (batch,), job_id=name, result_ttl=0, failure_ttl=3600, at_front=at_front
            )
            entries[self._queue_of(batch)].append(data)
        try:
            for queue, some in entries.items():
                queue.enqueue_many(some)
        except RedisAway as problem:
            self._away(problem)
            return False
        self._complaint.is_over()
        return True

    def _queue_of(self, batch: str) -> Queue:
        if is_first(batch):
            return self._first
        return self._awaited if is_awaited(batch) else self._queue

    def waiting(self) -> set[str] | None:
        """The batches that wait for a worker; None if Redis is away."""
        try:
            jobs = [job for queue in (self._first, self._awaited, self._queue) for job in queue.get_job_ids()]
        except RedisAway as problem:
            self._away(problem)
            return None
        self._complaint.is_over()
        return {job.partition("-")[0] for job in jobs}

    def somebody_waits(self) -> bool | None:
        """Whether a mail that somebody waits for at a screen waits for a worker; None if Redis is away."""
        try:
            # Redis keeps no empty lists.
            return self._awaited.count > 0 or bool(self.redis.exists(self._first.key))
        except RedisAway:
            return None

    def is_there(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisAway:
            return False

    def told(self) -> dict[str, str]:
        """What the server says of itself (INFO), by name; empty if it is away, or tells us nothing."""
        try:
            return {str(name): str(value) for name, value in self.redis.info().items()}
        except RedisAway:
            return {}

    def keep_number(self, name: str, number: int) -> None:
        """Remembers a number outside the database, as far as Redis does."""
        with suppress(RedisAway):
            self.redis.set(f"dayletter:{name}", number)

    def kept_number(self, name: str) -> int | None:
        """None if it was never kept, or Redis was emptied since. Raises RedisAway."""
        kept: Any = self.redis.get(f"dayletter:{name}")
        return int(kept) if kept is not None and kept.isdigit() else None

    @contextmanager
    def alone(self, deed: str, seconds: int) -> Iterator[bool]:
        """Whether no other process is at this deed; for so long none will begin it, unless this one is done
        before. With Redis away nobody can tell: it has to do no harm if two are at it."""
        name, mine = f"dayletter:alone:{deed}", new_id()
        try:
            free = bool(self.redis.set(name, mine, nx=True, ex=seconds))
        except RedisAway:
            free = True
        try:
            yield free
        finally:
            with suppress(RedisAway):
                if free and self.redis.get(name) == mine.encode():
                    self.redis.delete(name)

    def probe(self) -> bool:
        """Asks a worker to send a probe, for which nobody waits; False if Redis is away."""
        return self._ask(self._queue, PROBE_JOB)

    def sign_in(self, secret: str) -> bool:
        """Asks a worker to mail a link to the studio; False if Redis is away."""
        return self._ask(self._awaited, SIGN_IN_JOB, secret)

    def lost_link(self, sealed: str) -> bool:
        """Asks a worker to mail an address, sealed, its links; False if Redis is away."""
        return self._ask(self._awaited, LOST_LINK_JOB, sealed)

    def try_out(self, template: Template, letter: Letter) -> bool:
        """Asks a worker to send this one mail, which has no row; False if Redis is away."""
        return self._ask(self._awaited, TRY_OUT_JOB, mail_to_json(template, letter))

    def _ask(self, queue: Queue, job: str, *arguments: str) -> bool:
        # Not a batch's name, which `waiting` would take it for.
        name = f"{job.rpartition('.')[2]}-{new_id()[:8]}"
        try:
            queue.enqueue(job, *arguments, job_id=name, result_ttl=0, failure_ttl=3600)
        except RedisAway:
            return False
        return True

    def close(self) -> None:
        self.redis.close()

    def _away(self, problem: RedisAway) -> None:
        self._complaint.say(f"Redis is away ({problem}); the planning step will enqueue again")


def worker_queues(url: str) -> tuple[Queue, ...]:
    """The queues for a worker, on a connection that may wait for jobs, in the order of `QUEUES`."""
    connection = Redis.from_url(url)
    return tuple(_queue(name, connection) for name in QUEUES)


def drop_former_jobs(queue: Queue) -> list[str]:
    """Removes the jobs that earlier versions left in the same Redis; their ids.

    They are not read, since reading them could run code: mails that are due are asked for again by their rows.
    """
    dropped: list[str] = []
    for name in FORMER_QUEUES:
        former = _queue(name, queue.connection)
        failed = former.failed_job_registry
        dropped += former.get_job_ids()
        former.delete(delete_jobs=True)
        for job in failed.get_job_ids(cleanup=False):
            failed.remove(job)
            queue.connection.delete(Job.key_for(job), Result.get_key(job))  # type: ignore[no-untyped-call]
    return dropped


def bound_failed_jobs(queue: Queue) -> None:
    """Remove all failed jobs but the newest."""
    failed = queue.failed_job_registry
    for job in failed.get_job_ids(0, -MOST_FAILED - 1):
        failed.remove(job, delete_job=True)


def _queue(name: str, connection: Redis) -> Queue:
    return Queue(
        name, connection, default_timeout=int(time_limits.JOB), job_class=MailJob, serializer=JSONSerializer
    )
