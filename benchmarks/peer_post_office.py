"""django-post_office on the same work: queued mails of 25 KB in PostgreSQL, out over SMTP."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rows import Result, Skipped, alternated, compared
from benchmarks.smtp_servers import Sink
from course.settings import environment

WHAT = "the same work as django-post_office"
SCRIPT = Path(__file__).with_name("post_office_script.py")
PACKAGES = ("django", "django-post_office", "psycopg[binary]")
HOW = "its send_queued_mail with 2 processes of 5 threads; queueing its mails is not counted"


def post_office(bench: Bench, sink: Sink, ours: Callable[[], float]) -> Result:
    python = _installed(bench.out / "peers" / "post_office")
    if python is None:
        return Skipped(WHAT, "it cannot be installed here")
    mails = bench.size(2000, 500)
    with bench.postgres.fresh_database() as url:
        own = {**environment(), "BENCH_DATABASE": url, "BENCH_SMTP_PORT": str(sink.port)}

        def script(*arguments: str) -> None:
            subprocess.run([python, "-P", SCRIPT, *arguments], env=own, check=True, capture_output=True)

        def theirs() -> float:
            script("queue", str(mails))
            before, began = sink.received(), time.perf_counter()
            script("send")
            seconds = time.perf_counter() - began
            if sink.received() - before != mails:
                raise AssertionError(f"{mails} were queued, {sink.received() - before} came")
            return mails / seconds

        script("migrate")
        rates = alternated(bench.rounds, ours, theirs)
    return compared(WHAT, "mails/s", rates[0], "django-post_office", rates[1], "at least", 8, [HOW])


def _installed(folder: Path) -> Path | None:
    """Python of an environment of its own; made once."""
    python, done = folder / "bin/python", folder / "installed"
    if not done.exists():
        commands = ([sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", *PACKAGES])
        if any(subprocess.run(command, capture_output=True, check=False).returncode for command in commands):
            return None
        done.touch()
    return python
