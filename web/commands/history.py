"""For authors: what was published when and by whom, and going back to it."""

import click

from course.clock import open_clock
from course.publishing.history import ahead_of_roll_back, difference, publications, put_back
from mailer.settings import load
from web.commands.publishing import diff_option, doer, dry_run_option, open_database, why_option, yes_option
from web.publication_effects import describe_changes
from web.url_numbers import LARGEST

VERSION = click.IntRange(1, LARGEST)


@click.command()
@click.argument("course")
@click.argument("versions", nargs=-1, type=VERSION)
def history(course: str, versions: tuple[int, ...]) -> None:
    """The publications of a course, newest first; with two VERSIONS, the lines that differ between them."""
    if len(versions) not in (0, 2):
        raise click.UsageError("Name two versions to compare, or none to list them all.")
    with open_database(load()).read() as session:
        if versions:
            between = difference(session, course, *versions)
            click.echo("\n".join(describe_changes(between.changes)))
            click.echo(between.diff, nl=False)
            return
        for number, publication in enumerate(publications(session, course)):
            when = f"{publication.published_at:%Y-%m-%d %H:%M} UTC"
            parts = (when, publication.who, publication.why, "in service" if number == 0 else "")
            click.echo(f"{publication.version:>4}  {', '.join(part for part in parts if part)}")


@click.command()
@click.argument("course")
@click.argument("version", type=VERSION)
@dry_run_option
@diff_option
@yes_option
@why_option
def rollback(  # noqa: PLR0913 - an argument or option each
    course: str, version: int, dry_run: bool, diff: bool, yes: bool, why: str
) -> None:
    """Put an earlier VERSION of a course in service again, byte for byte. The folder stays as it is."""
    settings = load()
    database = open_database(settings)
    with database.read() as session:
        ahead = ahead_of_roll_back(session, course, version)
    if ahead.changes.nothing:
        click.echo(f"{course}: what is in service is the same as version {version}.")
        return
    click.echo("\n  ".join((f"{course}, back to version {version}:", *describe_changes(ahead.changes))))
    if diff:
        click.echo(ahead.diff, nl=False)
    if dry_run or not (yes or click.confirm("Go back to it?")):
        return
    with database.write() as session:
        now = open_clock(settings.clock, settings.var_dir).now()
        put_back(session, course, version, now, doer(why))
    click.echo(f"{course} is as it was in version {version}. Learners under way keep their lessons.")
    click.echo("The folder still holds the newer draft: the next `dayletter publish` would bring it back.")
