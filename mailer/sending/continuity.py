"""Whether this database is still the one that sent last: a copy or an old backup must not send by itself.

A counter that grows with each claim is kept in the database and, after each commit, in Redis and in VAR_DIR. If
the outside is ahead, the database has gone back. An outage leaves both as they were.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from course.addresses.site import read_site
from course.bulk import insert_many
from course.ids import new_id
from course.models import Deployment
from course.settings import Settings
from course.times import RealTime
from course.variables import LOOPBACK
from mailer.runtime import Runtime
from mailer.sending.patience.hold import hold_unasked, release_sending


def ask_outside(runtime: Runtime) -> int:
    """How many claims VAR_DIR and Redis know of. Asked before the row is locked, for Redis may take its time."""
    with runtime.db.read() as session:
        name = session.scalar(select(Deployment.name))
    return 0 if name is None else _outside(runtime, name)


def count_claim(runtime: Runtime, session: Session, outside: int, real: RealTime) -> Deployment | None:
    """Counts a claim in its transaction; None, and a hold, if this database is not the one that sent last.

    What was known `outside` before can only have grown, and the counter here with it.
    """
    here = _here(runtime, session)
    why = _what_changed(here, runtime.settings, outside)
    if why:
        hold_unasked(session, why, real)
        return None
    here.base_url = runtime.settings.base_url
    here.counter += 1
    session.flush()
    return here


def tell_outside(runtime: Runtime, here: Deployment) -> None:
    """Note outside the database, after the commit, how far it has come. A value that is lost or late is only too
    small, which alarms nobody."""
    file = _file(runtime, here.name)
    # A name of its own: two workers writing into one file could leave 990 of 99 and 100.
    fresh = file.with_suffix(f".{new_id()[:12]}")
    with suppress(OSError):
        fresh.write_text(str(here.counter))
        fresh.replace(file)
    runtime.queue.keep_number(here.name, here.counter)


def let_go_on(runtime: Runtime, session: Session, outside: int, real: RealTime) -> str | None:
    """An operator says that this database, at this address, is the one to send from now on.

    The reason it was held for, or None if it was not.
    """
    here = _here(runtime, session)
    session.execute(
        update(Deployment).values(
            base_url=runtime.settings.base_url,
            counter=max(here.counter, outside) + 1,
            released_at=real,
        )
    )
    return release_sending(session)


def _here(runtime: Runtime, session: Session) -> Deployment:
    """The one row, locked; of several who come first together one makes it."""
    if (here := session.get(Deployment, 1, with_for_update=True)) is not None:
        return here
    first = {"id": 1, "name": new_id(), "counter": 0, "base_url": runtime.settings.base_url}
    insert_many(session, Deployment, [first])
    return session.get_one(Deployment, 1, with_for_update=True)


def has_moved(base_url: str, settings: Settings) -> bool:
    """Whether the site that sent from this address is another by now, as that of a copied database is.

    In development every start may have a port of its own: from one to the next is no move.
    """
    before = _as_read(base_url)
    at_home = all(urlsplit(url).hostname in LOOPBACK for url in (before, settings.base_url))
    return before != settings.base_url and not (at_home and settings.outbox)


def _as_read(base_url: str) -> str:
    """As settings are read now: earlier versions kept the letters as they were written."""
    try:
        return read_site(base_url)
    except ValueError:
        return base_url


def _what_changed(here: Deployment, settings: Settings, outside: int) -> str:
    if has_moved(here.base_url, settings):
        return (
            f"BASE_URL was {here.base_url} when this database sent last, and is {settings.base_url} now."
            " If this is a copy, leave it held; if the site has moved, run `dayletter release`."
        )
    if outside > here.counter:
        return (
            f"This database has gone back: {outside - here.counter} batches were sent that it knows nothing of,"
            " as after restoring a backup. `dayletter release` sends again what it thinks is due."
        )
    return ""


def _outside(runtime: Runtime, name: str) -> int:
    try:
        kept = int(_file(runtime, name).read_text())
    except (OSError, ValueError):
        kept = 0
    return max(kept, runtime.queue.kept_number(name))


def _file(runtime: Runtime, name: str) -> Path:
    return runtime.settings.var_dir / f"claims-{name}"
