"""Real `dayletter work` processes."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import text

from benchmarks.bench import Bench
from benchmarks.runtimes import SITE
from course.settings import environment
from mailer.runtime import Runtime

DAYLETTER_WORK = (str(Path(sys.executable).parent / "dayletter"), "work")
POLL_SECONDS = 0.01
PATIENCE_SECONDS = 120.0
# Words in the statement itself, so that both databases answer from their partial indexes.
UNDER_WAY = text(
    "SELECT EXISTS (SELECT 1 FROM delivery WHERE state = 'queued')"
    " OR EXISTS (SELECT 1 FROM delivery WHERE state = 'sending')"
)
Worker = subprocess.Popen[bytes]


@contextmanager
def worker(
    bench: Bench, runtime: Runtime, command: Sequence[str] = DAYLETTER_WORK, **more: str
) -> Iterator[Worker]:
    """One that uses the same database, Redis, folder and mail server as `runtime`; `more` settings beside."""
    with (bench.folder() / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, env=_settings(runtime) | more, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


@contextmanager
def workers(bench: Bench, runtime: Runtime, count: int, **more: str) -> Iterator[Sequence[Worker]]:
    with ExitStack() as stack:
        yield [stack.enter_context(worker(bench, runtime, **more)) for _ in range(count)]


def wait_until_sent(runtime: Runtime) -> None:
    """Until nothing is queued or under way any more."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    with runtime.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(UNDER_WAY):
            if time.monotonic() > deadline:
                raise AssertionError("the workers did not deliver everything in time")
            time.sleep(POLL_SECONDS)


def _settings(runtime: Runtime) -> dict[str, str]:
    settings = runtime.settings
    return {
        "PATH": environment()["PATH"],
        **SITE,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "VAR_DIR": str(settings.var_dir),
        "MAIL_URL": settings.mail.url,
    }
