"""`dayletter restore FILE`: a backup put into an empty database, where it holds until it is released."""

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

import click

from course.backup.container import check
from course.backup.manifest import Damaged
from course.backup.putting_back import Place, manifest_of, put_back, require_empty, secret_of
from course.clock import Clock
from course.db import Database
from course.errors import Refused
from course.settings import SECRET, environment, var_folder
from mailer.settings import load
from web.commands.keeping.telling import telling


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup into an empty database, all of it or nothing, and its media and secret into VAR_DIR.

    The whole FILE is checked before anything is written. Nothing is sent until `dayletter release`.
    """
    with file.open("rb") as opened:
        try:
            with telling(of_bytes=True) as told:
                _check(opened, file.stat().st_size, told.count)
            manifest = manifest_of(opened)
            secret = secret_of(opened) if manifest.secret else None
        except Damaged as problem:
            raise Damaged(f"{file} was not restored, and nothing was changed. {problem}") from None
        settings = load(_with_secret(environment(), secret))
        target = _place_of_secret(secret)
        with closing(Database(settings.database_url)) as database, telling() as told:
            require_empty(database)
            place = Place(database, settings.var_dir, settings.base_url, target)
            rows = put_back(opened, manifest, place, Clock().real(), told.count)
    click.echo(f"{rows:,} rows restored, as they were at {manifest.made_at}. Sending is on hold.")
    if secret is None:
        click.echo("The secret was not in the backup: set SECRET_KEY to what it was, or links in mails are dead.")
    elif target is None:
        click.echo("SECRET_KEY is set, and counts: links in mails open only if it is what it was.")
    click.echo("`dayletter release --dry-run` shows what would go out, and `dayletter release` lets it go on.")


def _check(opened: IO[bytes], size: int, count: Callable[[str, int, int], object]) -> None:
    done = 0

    def heard(more: int) -> None:
        nonlocal done
        done += more
        count("checking", done, size)

    check(opened, heard)


def _with_secret(environ: dict[str, str], secret: str | None) -> Mapping[str, str]:
    """What the settings will be once the secret is in its place."""
    return environ if environ.get("SECRET_KEY") or secret is None else {**environ, "SECRET_KEY": secret}


def _place_of_secret(secret: str | None) -> Path | None:
    """Where it goes; None where there is none, or the environment has one. Raises Refused if another is there."""
    if secret is None or environment().get("SECRET_KEY"):
        return None
    kept = var_folder() / SECRET
    if kept.is_file() and kept.read_text().strip() != secret.strip():
        raise Refused(
            f"{kept} holds another secret than the backup, and links in mails open with theirs alone. Move it"
            " away, then restore. Nothing was changed."
        )
    return kept
