"""Redis, asked for what it is."""

from collections.abc import Iterator
from contextlib import closing

from course.checkup import Finding
from mailer.checkup.judges.stores import of_redis
from mailer.queue import MailQueue


def of_queue(url: str | None) -> Iterator[Finding]:
    """Whether it answers, and keeps what it is given."""
    about = "Redis"
    if url is None:
        todo = "`dayletter up` starts one; where processes are started one by one, set REDIS_URL."
        yield Finding(about, "warning", "There is none at the moment.", todo)
        return
    with closing(MailQueue(url)) as queue:
        if not queue.is_there():
            todo = "Start it (or `dayletter up`), or correct REDIS_URL."
            yield Finding(about, "bad", "It does not answer.", todo)
            return
        told = queue.told()
    if not told:
        yield Finding(about, "good", "It answers, and tells nobody how it is set up.")
    else:
        yield from [*of_redis(told)] or [
            Finding(about, "good", f"It answers, and keeps all it is given ({_name(told)}).")
        ]


def _name(told: dict[str, str]) -> str:
    if version := told.get("valkey_version"):
        return f"Valkey {version}"
    return f"Redis {told.get('redis_version', 'of an unknown version')}"
