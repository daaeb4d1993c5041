"""A Redis server of our own, on a socket. What it holds may be lost at any time, so it writes nothing to disk."""

import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from course.errors import DayletterError
from mailer.queue import MailQueue
from mailer.redis_binary import find_redis_binary
from web.commands.processes import START_WITHIN_SECONDS, Child, Family

LONGEST_SOCKET_PATH = 100


def start_redis(family: Family, var_dir: Path, environ: Mapping[str, str]) -> str:
    """Its address, once it answers."""
    try:
        binary = find_redis_binary()
    except FileNotFoundError as problem:
        raise DayletterError(str(problem)) from None
    place = var_dir / "redis.sock"
    if len(str(place)) > LONGEST_SOCKET_PATH:
        place = Path(tempfile.mkdtemp(prefix="dayletter-")) / "redis.sock"
    options = {
        "port": "0",
        "unixsocket": str(place),
        "dir": str(place.parent),
        "save": "",
        "appendonly": "no",
        "loglevel": "warning",
        "logfile": str(place.with_suffix(".log")),
    }
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    place.unlink(missing_ok=True)
    family.add(Child("redis", [str(binary), *arguments], environ))
    url = f"unix://{place}?db=0"
    queue, pause = MailQueue(url), threading.Event()
    for _ in range(int(START_WITHIN_SECONDS / 0.05)):
        if place.exists() and queue.is_there():
            queue.close()
            return url
        pause.wait(0.05)
    raise DayletterError(f"The private Redis server ({binary}) did not start; {options['logfile']} may say why.")
