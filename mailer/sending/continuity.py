"""Whether this database is still the one that sent last: a copy or an old backup must not send by itself.

A counter that grows with each claim is kept in the database and, after each commit, in Redis and in VAR_DIR. If
the outside is ahead, the database has gone back. If it has never heard of a database that has sent, that is a copy
or a backup on a new machine. One of the two may be emptied at any time: the other still knows, and tells it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.addresses.site import read_site
from course.bulk import insert_many
from course.ids import new_id
from course.models import Deployment
from course.settings import Settings
from course.times import RealTime
from course.variables import LOOPBACK
from mailer.queue import RedisAway
from mailer.runtime import Runtime
from mailer.sending.patience.hold import hold_unasked, release_sending
from mailer.signing_keys import KeyUse, after_signing, read_uses, why_held, without_missing, written

LOOK_FIRST = (
    "`dayletter release --dry-run` shows what would go out, and `dayletter release --sent-before MOMENT` counts as"
    " sent what was due before then."
)


@dataclass(frozen=True, slots=True)
class Outside:
    """How many claims VAR_DIR and Redis know of: None if they never heard of this database, which had counted
    `here` when they were asked. `is_away`: Redis gave no answer, and VAR_DIR knows nothing either."""

    claims: int | None
    here: int
    is_away: bool = False


def ask_outside(runtime: Runtime) -> Outside:
    """Asked before the row is locked, for Redis may take its time. Whichever of the two knows less is told.

    A database that has not sent yet is introduced before its first claim: so whoever finds that it has sent, and
    that nobody outside knows of it, need not ask whether the first worker is only about to say so.
    """
    name, here = _name_and_counter(runtime)
    in_file, is_away = _in_file(runtime, name), False
    try:
        in_redis = runtime.queue.kept_number(name)
    except RedisAway:
        in_redis, is_away = None, True
    if in_file is None and in_redis is None and here:
        return Outside(None, here, is_away)
    claims = max(in_file or 0, in_redis or 0)
    if in_file is None or in_file < claims:
        _write_file(runtime, name, claims)
    if (in_redis is None or in_redis < claims) and not is_away:
        runtime.queue.keep_number(name, claims)
    return Outside(claims, here)


def count_claim(runtime: Runtime, session: Session, outside: Outside, real: RealTime) -> Deployment | None:
    """Counts a claim in its transaction; None, and a hold, if this database is not the one that sent last.

    What was known `outside` before can only have grown, and the counter here with it.
    """
    here = _here(runtime, session)
    if _hold_if_changed(runtime, session, here, outside, real):
        return None
    here.base_url = runtime.settings.base_url
    here.counter += 1
    _note_keys(here, after_signing(read_uses(here.keys), runtime.signer.fingerprints, real))
    session.flush()
    return here


def tell_outside(runtime: Runtime, here: Deployment) -> None:
    """Note outside the database, after the commit, how far it has come. A value that is lost or late is only too
    small, which alarms nobody."""
    _tell(runtime, here.name, here.counter)


def hold_if_keys_are_missed(runtime: Runtime, real: RealTime) -> None:
    """To be called at the start: who has changed SECRET_KEY is told before any mail is due."""
    present = runtime.signer.fingerprints
    with runtime.db.read() as session:
        here = session.get(Deployment, 1)
        why = why_held(session, here, present, runtime.began_at, real) if here is not None else ""
    if why:
        with runtime.db.write() as session:
            hold_unasked(session, why, real)


def _note_keys(here: Deployment, uses: Sequence[KeyUse]) -> None:
    kept = written(uses)
    if here.keys != kept:
        here.keys = kept


def hold_if_changed(runtime: Runtime, real: RealTime) -> bool:
    """Whether the next claim would put sending on hold, which is done now: so one can see it before any mail is
    due. Also true while nobody can be asked."""
    outside = ask_outside(runtime)
    if outside.is_away:
        return True
    with runtime.db.read() as session:
        here = session.get_one(Deployment, 1)
        if not _what_changed(runtime, session, here, outside, real):
            return False
    with runtime.db.write() as session:
        return _hold_if_changed(runtime, session, _here(runtime, session), outside, real)


@contextmanager
def letting_go_on(runtime: Runtime, real: RealTime) -> Iterator[tuple[Session, str | None]]:
    """A transaction in which an operator says that this database, at this address, is the one to send from now on;
    with the reason it was held for, or None if it was not.

    The outside hears of it before and after: no claim may come between that finds it a stranger still.
    """
    outside = ask_outside(runtime)
    name, counter = _name_and_counter(runtime)
    _tell(runtime, name, max(counter, outside.claims or 0))
    with runtime.db.write() as session:
        here = _here(runtime, session)
        here.base_url = runtime.settings.base_url
        here.counter = max(here.counter, outside.claims or 0) + 1
        here.released_at = real
        _note_keys(here, without_missing(read_uses(here.keys), runtime.signer.fingerprints))
        session.flush()
        yield session, release_sending(session)
    tell_outside(runtime, here)


def _name_and_counter(runtime: Runtime) -> tuple[str, int]:
    """Of the one row, which is made now if this database was never asked about."""
    with runtime.db.read() as session:
        known = session.execute(select(Deployment.name, Deployment.counter)).one_or_none()
    if known is not None:
        return known.name, known.counter
    with runtime.db.write() as session:
        here = _here(runtime, session)
        return here.name, here.counter


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


def _hold_if_changed(
    runtime: Runtime, session: Session, here: Deployment, outside: Outside, real: RealTime
) -> bool:
    why = _what_changed(runtime, session, here, outside, real)
    if why:
        hold_unasked(session, why, real)
    return bool(why)


def _what_changed(runtime: Runtime, session: Session, here: Deployment, outside: Outside, real: RealTime) -> str:
    return _what_moved(here, runtime.settings, outside) or why_held(
        session, here, runtime.signer.fingerprints, runtime.began_at, real
    )


def _what_moved(here: Deployment, settings: Settings, outside: Outside) -> str:
    if has_moved(here.base_url, settings):
        return (
            f"BASE_URL was {here.base_url} when this database sent last, and is {settings.base_url} now."
            " If this is a copy, leave it held; if the site has moved, run `dayletter release`."
        )
    # One who has claimed since they were asked was known to them.
    if outside.claims is None and here.counter == outside.here:
        return (
            "This database has sent before, and neither Redis nor VAR_DIR knows of it, as on a new machine: what"
            f" it thinks is due may have gone out from elsewhere. {LOOK_FIRST}"
        )
    if outside.claims is not None and outside.claims > here.counter:
        return (
            f"This database has gone back: {outside.claims - here.counter} batches were sent that it knows nothing"
            f" of, as after restoring a backup. {LOOK_FIRST}"
        )
    return ""


def _tell(runtime: Runtime, name: str, claims: int) -> None:
    _write_file(runtime, name, claims)
    runtime.queue.keep_number(name, claims)


def _in_file(runtime: Runtime, name: str) -> int | None:
    try:
        return int(_file(runtime, name).read_text())
    except (OSError, ValueError):
        return None


def _write_file(runtime: Runtime, name: str, claims: int) -> None:
    file = _file(runtime, name)
    # A name of its own: two workers writing into one file could leave 990 of 99 and 100.
    fresh = file.with_suffix(f".{new_id()[:12]}")
    with suppress(OSError):
        fresh.write_text(str(claims))
        fresh.replace(file)


def _file(runtime: Runtime, name: str) -> Path:
    return runtime.settings.var_dir / f"claims-{name}"
