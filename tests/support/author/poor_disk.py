"""The site, or a command, as a process of its own: may write files of a few KB only, and has no rights of root."""

import ctypes
import os
import resource
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path

from tests.support.author.studio import USERS
from tests.support.project import ROOT
from tests.support.servers.ports import free_port
from tests.support.waiting import PATIENCE, wait_for
from tests.support.world.world import World

MOST_BYTES = 40_000
PLAIN = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
"""Python would keep what it has compiled as far as it goes, and find half a module the next time."""

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2


@contextmanager
def poor_site(world: World) -> Iterator[str]:
    """The address of a site over the same folders and database. The operating system makes it fail for real."""
    settings, port = world.runtime.settings, free_port()
    environment = {
        **PLAIN,
        "VAR_DIR": str(settings.var_dir),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url or "",
        "LESSONS_DIR": str(settings.lessons_dir),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": settings.secrets[0],
        "STUDIO_USERS": USERS,
    }
    serve = [str(Path(sys.executable).with_name("dayletter")), "serve", "--port", str(port)]
    process = subprocess.Popen(serve, env=environment, preexec_fn=_become_poor)
    try:
        wait_for(lambda: _answers(port), hopeless=lambda: process.poll() is not None)
        yield environment["BASE_URL"]
    finally:
        process.terminate()
        process.wait()


def poor_command(
    *arguments: str, most_bytes: int = MOST_BYTES, out: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`dayletter` with these arguments and settings; `out` is where its standard output goes."""
    command = [str(Path(sys.executable).with_name("dayletter")), *arguments]
    with out.open("w") if out else nullcontext(subprocess.PIPE) as stdout:
        return subprocess.run(
            command,
            env={**PLAIN, **environment},
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            preexec_fn=partial(_become_poor, most_bytes),
        )


@contextmanager
def read_only(*folders: Path) -> Iterator[None]:
    for folder in folders:
        folder.chmod(0o555)
    try:
        yield
    finally:
        for folder in folders:
            folder.chmod(0o755)


def _become_poor(most_bytes: int = MOST_BYTES) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    if os.geteuid() == 0 and sys.platform == "linux":
        # Root may read and write everywhere, unless it begins without these rights.
        for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, right, 0, 0, 0)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=PATIENCE):
            return True
    except OSError:
        return False
