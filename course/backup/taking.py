"""A backup taken: all rows of one moment, published media, and the secret. Dayletter may go on meanwhile."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from course.backup.container import Writer
from course.backup.manifest import Line, Manifest, as_lines
from course.db import Database
from course.drafts.folder import digest_of
from course.migrations.revisions import schemas
from course.models import Base, CourseRow, Media
from course.publishing.media_store import find_media
from course.times import RealTime
from course.version import own_version

PORTION = 1000
"""So many rows are held in memory, and are one member of the file."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where published media lie, and where they can be made again from; `secret` is None where it is not ours to
    keep."""

    var_dir: Path
    lessons_dir: Path
    secret: str | None


@dataclass(slots=True)
class Taken:
    """What a backup holds. `missing` are published media that are nowhere to be found, as `course/path`."""

    rows: int = 0
    media: int = 0
    missing: list[str] = field(default_factory=list)


Heard = Callable[[str, int, int], object]
"""Hears what is being written, how much of it is done, and how much there is: rows, or files."""


def take_backup(database: Database, places: Places, file: IO[bytes], real: RealTime, heard: Heard) -> Taken:
    """Writes all of it to an open file. Raises WrongSchema where the tables are not this version's."""
    tables = Base.metadata.sorted_tables
    manifest = Manifest(
        made_at=real.isoformat(timespec="seconds"),
        version=own_version(),
        schema=schemas()[-1],
        tables={table.name: [column.name for column in table.columns] for table in tables},
        secret=places.secret is not None,
    )
    writer, taken = Writer(file, int(real.timestamp())), Taken()
    writer.add("manifest.json", manifest.written())
    if places.secret is not None:
        writer.add("secret", places.secret.encode())
    # One transaction for all: what it reads was all true at one moment.
    with database.read() as session:
        for table in tables:
            taken.rows += _add_rows(session, table, writer, heard)
        _add_media(session, places, writer, taken, heard)
    writer.finish()
    return taken


def _add_rows(session: Session, table: Table, writer: Writer, heard: Heard) -> int:
    total = session.scalar(select(func.count()).select_from(table)) or 0
    done = 0
    found = session.execute(
        select(table).order_by(*table.primary_key),
        execution_options={"yield_per": PORTION, "stream_results": True},
    )
    for number, portion in enumerate(_portions(iter(found))):
        writer.add(f"rows/{table.name}/{number:08}.jsonl.gz", as_lines(portion))
        done += len(portion)
        heard(table.name, done, total)
    return done


def _portions(rows: Iterator[Line]) -> Iterator[Sequence[Line]]:
    while portion := list(islice(rows, PORTION)):
        yield portion


def _add_media(session: Session, places: Places, writer: Writer, taken: Taken, heard: Heard) -> None:
    """Each content once, whatever names it has."""
    named = select(CourseRow.slug, Media.path, Media.digest).join(CourseRow, CourseRow.id == Media.course_id)
    found: set[str] = set()
    wanted = session.execute(named.order_by(Media.id)).all()
    for number, (course, path, digest) in enumerate(wanted, 1):
        file = find_media(places.var_dir, places.lessons_dir, course, path, digest)
        if digest in found:
            continue
        if file is None or digest_of(file) != digest:
            taken.missing.append(f"{course}/{path}")
            continue
        with file.open("rb") as content:
            writer.add_from(f"media/{digest}", file.stat().st_size, content)
        found.add(digest)
        heard("media", number, len(wanted))
    taken.media = len(found)
