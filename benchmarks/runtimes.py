"""A whole Dayletter for one benchmark: a migrated database with the measured course, and its runtime."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from benchmarks import course_text
from benchmarks.bench import Bench
from course.migrations.schema import migrate_database
from course.models import Delivery
from course.publishing.publish import publish_folder
from course.staff.audit_log import Doer
from mailer import jobs
from mailer.runtime import Runtime, build
from mailer.sending.plan import planning_step
from mailer.settings import load
from tests.support.world.settings import SETTINGS
from worker import freeze, open_worker

SITE = {**SETTINGS, "BASE_URL": "https://courses.example.org"}


@contextmanager
def postgres_runtime(bench: Bench, **environment: str) -> Iterator[Runtime]:
    with bench.postgres.fresh_database() as url, runtime_on(bench, url, **environment) as runtime:
        yield runtime


@contextmanager
def sqlite_runtime(bench: Bench, **environment: str) -> Iterator[Runtime]:
    with runtime_on(bench, f"sqlite:///{bench.folder() / 'bench.sqlite3'}", **environment) as runtime:
        yield runtime


@contextmanager
def runtime_on(bench: Bench, database_url: str, **environment: str) -> Iterator[Runtime]:
    """`environment` holds what differs from `SITE`, such as MAIL_URL. Redis begins empty."""
    bench.redis.empty()
    own = {"DATABASE_URL": database_url, "REDIS_URL": bench.redis.url, "VAR_DIR": str(bench.folder())}
    runtime = build(load({**SITE, **own, **environment}))
    try:
        migrate_database(runtime.db)
        with runtime.db.write() as session:
            publish_folder(
                session, course_text.folder(), {}, runtime.clock.now(), Doer("bench", runtime.clock.real())
            )
        freeze()
        yield runtime
    finally:
        runtime.close()


def send_all_due(runtime: Runtime) -> None:
    """A planning step, then RQ's own worker in this process until the queue is empty."""
    planning_step(runtime)
    jobs.use(runtime)
    url = runtime.settings.redis_url or ""
    open_worker(url).work(burst=True, logging_level="WARNING")


def deliveries(runtime: Runtime, state: str) -> int:
    with runtime.db.read() as session:
        return session.scalar(select(func.count()).where(Delivery.state == state)) or 0


def batches(runtime: Runtime) -> list[str]:
    """Those with queued mails."""
    with runtime.db.read() as session:
        return list(session.scalars(select(Delivery.batch).where(Delivery.state == "queued").distinct()))
