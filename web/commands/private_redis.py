"""A Redis server of our own, on a socket. What it holds may be lost at any time, so it writes nothing to disk."""

import atexit
import re
import shutil
import tempfile
import threading
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from course.addresses.stores import socket_url
from course.errors import DayletterError
from mailer.queue import MailQueue
from mailer.redis_binary import find_redis_binary
from web.commands.processes import Child, Family

PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]{1,100}")
"""A socket's path may not be longer, and Redis tells its clients' addresses in a line that is parted at blanks."""


def start_redis(family: Family, var_dir: Path, environ: Mapping[str, str], stop: threading.Event) -> str:
    """Its address, once it answers, or `stop` is set. Raises DayletterError if it cannot be started."""
    try:
        binary = find_redis_binary()
    except FileNotFoundError as problem:
        raise DayletterError(str(problem)) from None
    place = var_dir / "redis.sock"
    if not PLAIN_PATH.fullmatch(str(place)):
        folder = Path(tempfile.mkdtemp(prefix="dayletter-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        place = folder / "redis.sock"
    options = {
        "port": "0",
        "unixsocket": str(place),
        "dir": str(place.parent),
        "save": "",
        "appendonly": "no",
        "loglevel": "warning",
        "logfile": str(log := place.with_suffix(".log")),
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    for former in (place, log):
        former.unlink(missing_ok=True)
    child = Child("the private Redis server", [str(binary), *arguments], environ, log=log)
    family.add(child)
    url = socket_url(str(place))
    with closing(MailQueue(url)) as queue:
        child.wait_until(
            lambda: place.exists() and queue.is_there(),
            stop,
            f"The private Redis server ({binary}) did not start.",
        )
    return url
