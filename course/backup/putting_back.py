"""A backup put back into an empty database, all of it or nothing; it holds until somebody releases it."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, delete, insert, select, update

from course.backup.container import PIECE, members
from course.backup.filling import Heard, drop_empty, fill_tables, refuse_rows
from course.backup.manifest import Damaged, Manifest, read_manifest
from course.backup.numbers import leave_a_gap
from course.db import Database
from course.drafts.atomic import write_whole
from course.errors import WrongSchema
from course.ids import new_id
from course.migrations.revisions import schemas
from course.models import Deployment, Hold
from course.publishing.media_store import place_of
from course.times import RealTime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a backup goes. `secret`: the file that is to hold the secret, None if it is to be left alone."""

    database: Database
    var_dir: Path
    base_url: str
    secret: Path | None


def manifest_of(file: IO[bytes]) -> Manifest:
    """What a backup says of itself. Raises Damaged, or WrongSchema for one of a newer Dayletter."""
    for name, content in members(file):
        if name != "manifest.json":
            break
        manifest = read_manifest(content.read())
        if manifest.schema not in schemas():
            raise WrongSchema(
                f"The backup is of a newer Dayletter ({manifest.version}): its schema is {manifest.schema}, and"
                f" this one knows none after {schemas()[-1]}. Install that newer Dayletter, then restore."
            )
        return manifest
    raise Damaged("It does not begin as a backup of Dayletter does.")


def secret_of(file: IO[bytes]) -> str | None:
    """The secret that learners' links are signed with, if the backup has it."""
    return next((content.read().decode() for name, content in members(file) if name == "secret"), None)


def require_empty(database: Database) -> None:
    """Raises Refused if there is a row in it."""
    with database.engine.connect() as connection:
        refuse_rows(connection)


def put_back(file: IO[bytes], manifest: Manifest, place: Place, real: RealTime, heard: Heard) -> int:
    """Puts a checked backup into an empty database, and its media and secret into VAR_DIR; how many rows.

    If anything fails all is as it was. What it held waits until sending is released.
    """
    upgrade = import_module("course.migrations.upgrade")
    rows = 0

    with ExitStack() as undoing:

        def fill(connection: Connection) -> None:
            nonlocal rows
            rows = fill_tables(connection, file, manifest, partial(_keep, undoing, place), heard)

        def finish(connection: Connection) -> None:
            leave_a_gap(connection)
            _hold(connection, manifest, place.base_url, real)

        upgrade.make_and_fill(place.database.writing, manifest.schema, drop_empty, fill, finish)
        undoing.pop_all()
    return rows


def _keep(undoing: ExitStack, place: Place, name: str, content: IO[bytes]) -> None:
    target = place.secret if name == "secret" else place_of(place.var_dir, name.removeprefix("media/"))
    if target is None or target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    undoing.callback(partial(target.unlink, missing_ok=True))
    if name == "secret":
        target.touch(mode=0o600)
        target.write_bytes(content.read())
    else:
        write_whole(target, iter(lambda: content.read(PIECE), b""))


def _hold(connection: Connection, manifest: Manifest, base_url: str, real: RealTime) -> None:
    """Under a new name nobody outside knows this database, so it also counts as a stranger until it is released:
    nothing is planned meanwhile, and what was due keeps its dates."""
    why = f"restored from a backup made at {manifest.made_at}"
    if (before := connection.scalar(select(Hold.why))) is not None:
        why += f", when sending was on hold already: {before}"
    connection.execute(delete(Hold))
    held = {"id": 1, "why": why, "held_at": real, "again_at": None, "tries": 0, "owner": None}
    connection.execute(insert(Hold), held)
    counter = connection.scalar(select(Deployment.counter))
    if counter is None:
        first = {"id": 1, "name": new_id(), "counter": 1, "base_url": base_url, "released_at": None}
        connection.execute(insert(Deployment), first)
    else:
        connection.execute(update(Deployment).values(name=new_id(), counter=max(counter, 1), released_at=None))
