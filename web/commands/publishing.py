"""For authors: publish a draft, after showing what changes."""

import click

from course.clock import open_clock
from course.db import Database, is_current, migrate
from course.errors import DayletterError
from course.publishing import Changes, Unpublishable, changes, keep_media
from course.publishing import publish as publish_folder
from course.settings import load
from mailer.lint import check
from web.commands.authoring import folders, tell


@click.command()
@click.argument("course", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change, and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish(course: str | None, dry_run: bool, yes: bool) -> None:
    """Publish the draft of one course, or of all, after showing what changes."""
    settings = load()
    database = Database(settings.database_url)
    if not is_current(database):
        migrate(database)
    for folder in folders(course):
        kept = {} if check(folder).errors else keep_media(folder, settings.var_dir)
        try:
            with database.read() as session:
                planned = changes(session, folder, kept)
        except Unpublishable as problem:
            tell(folder.slug, problem.problems)
            raise DayletterError(f"{folder.slug} was not published; what is in service stays as it is.") from None
        click.echo(describe(folder.slug, planned))
        if dry_run or planned.nothing or not (yes or click.confirm("Publish this?")):
            continue
        with database.write() as session:
            publish_folder(session, folder, kept, open_clock(settings.clock, settings.var_dir).now())
        click.echo(f"{folder.slug} is published.")


def describe(slug: str, planned: Changes) -> str:
    """What publishing does, in lines for people."""
    if planned.nothing:
        return f"{slug}: nothing has changed since it was published."
    lines = [f"{slug}:"]
    for word, identities in (
        ("new", planned.added),
        ("corrected", planned.corrected),
        ("withdrawn", planned.withdrawn),
    ):
        lines += [f"  {word}: {kind} {name}" for kind, name in identities]
    if planned.media:
        lines.append(f"  media: {len(planned.media)} files changed")
    if planned.new_edition:
        lines.append("  a new edition: for enrolments from now on; those under way keep theirs")
    return "\n".join(lines)
