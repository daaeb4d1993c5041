"""`dayletter backup FILE`: all of it in one file, while Dayletter goes on."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import click

from course.backup.taking import Places, Taken, take_backup
from course.clock import Clock
from course.db import Database
from course.drafts.atomic import to_disk
from course.errors import Refused
from course.ids import new_id
from course.settings import SECRET, Settings, environment
from mailer.settings import load
from web.commands.keeping.telling import telling


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write all rows, published media and the secret into one FILE, which only its owner may read.

    Dayletter may run meanwhile: the file holds one moment. Drafts, and settings of the environment, are not in it.
    """
    settings = load()
    if file.exists():
        raise Refused(f"{file} is there already. Choose another name; nothing was written.")
    secret = _secret(settings)
    places = Places(settings.var_dir, settings.lessons_dir, secret)
    with closing(Database(settings.database_url)) as database, _whole(file) as fresh, telling() as told:
        taken = take_backup(database, places, fresh, Clock().real(), told.count)
    for line in _said(file, taken, has_secret=secret is not None):
        click.echo(line, err=line.startswith("Not in it"))


def _secret(settings: Settings) -> str | None:
    """The one that `dayletter up` has made; None where it is in the environment, and so kept elsewhere."""
    kept = settings.var_dir / SECRET
    return None if environment().get("SECRET_KEY") or not kept.is_file() else kept.read_text()


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """A file for its owner alone, which takes its name once all of it is on the disk; otherwise nothing stays."""
    fresh = file.with_name(f".{file.name}.{new_id()[:12]}")
    opened = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "wb") as output:
            yield output
            output.flush()
            os.fsync(output.fileno())
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    to_disk(file.parent)


def _said(file: Path, taken: Taken, *, has_secret: bool) -> Iterator[str]:
    yield (
        f"{file}: {taken.rows:,} {'row' if taken.rows == 1 else 'rows'},"
        f" {taken.media:,} {'file' if taken.media == 1 else 'files'} of media, {file.stat().st_size:,} bytes"
    )
    if not has_secret:
        yield "Not in it: SECRET_KEY, which is set in the environment. Keep it: links in mails are signed with it."
    for name in taken.missing:
        yield f"Not in it: {name}, which is neither in VAR_DIR nor, as it was published, in LESSONS_DIR."
