"""For authors: publish a draft after seeing what changes, and move learners under way."""

import click

from course.clock import Clock, open_clock
from course.content.changes import Difference
from course.db import Database
from course.drafts.folder import Folder
from course.enrolment.move_learners import ahead_of_move, move_learners
from course.errors import DayletterError
from course.migrations.schema import is_current, migrate_database
from course.publishing.editions import Shelf
from course.publishing.publish import Unpublishable, keep_media, propose, publish_folder
from course.reports.audience import Audience, audience
from course.settings import Settings
from course.staff.audit_log import Doer
from mailer.preview.mail_rules import check_draft
from mailer.settings import load
from web.commands.authoring import folders, tell
from web.publication_effects import describe_audience, describe_changes, describe_group, describe_reach

yes_option = click.option("--yes", is_flag=True, help="Do not ask.")
why_option = click.option("--why", default="", help="The reason, kept in the history.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Show what would change, and stop.")
diff_option = click.option("--diff", is_flag=True, help="Show the changed lines too.")


@click.command()
@click.argument("course", required=False)
@dry_run_option
@diff_option
@yes_option
@why_option
def publish(course: str | None, dry_run: bool, diff: bool, yes: bool, why: str) -> None:
    """Publish the draft of one course, or of all, after showing what changes and whom it touches."""
    settings = load()
    database = open_database(settings)
    for folder in folders(course):
        parsed = check_draft(folder)
        kept = {} if parsed.errors else keep_media(folder, settings.var_dir)
        try:
            with database.read() as session:
                proposal, people = propose(session, folder, parsed, kept), audience(session, folder.slug)
        except Unpublishable as problem:
            tell(folder.slug, problem.problems)
            raise DayletterError(
                f"{folder.slug} was not published; what is in service stays as it is."
                " Mend the errors, then publish again."
            ) from None
        _show(folder, proposal, people, diff=diff)
        if dry_run or proposal.changes.nothing or not (yes or click.confirm("Publish this?")):
            continue
        with database.write() as session:
            publish_folder(session, folder, kept, open_clock(settings.clock, settings.var_dir).now(), doer(why))
        click.echo(f"{folder.slug} is published.")


def _show(folder: Folder, proposal: Difference, people: Audience, *, diff: bool) -> None:
    changes = proposal.changes
    if changes.nothing:
        click.echo(f"{folder.slug}: nothing has changed since it was published.")
        return
    click.echo(f"{folder.slug}:")
    for line in (*describe_changes(changes), *describe_audience(people), *describe_reach(people, changes)):
        click.echo(f"  {line}")
    if changes.new_edition and people.under_way:
        click.echo(f"  to move them: dayletter move {folder.slug}")
    if diff:
        click.echo(proposal.diff, nl=False)


@click.command()
@click.argument("course")
@dry_run_option
@yes_option
@why_option
def move(course: str, dry_run: bool, yes: bool, why: str) -> None:
    """Move learners under way to the newest edition, after showing what each of them gets."""
    settings = load()
    database = open_database(settings)
    shelf, now = Shelf(settings.grace), open_clock(settings.clock, settings.var_dir).now
    with database.read() as session:
        groups = ahead_of_move(session, shelf.by_slug(session, course))
    if not groups:
        click.echo(f"{course}: nobody under way would get anything else than they do now.")
        return
    for group in groups:
        click.echo("\n  ".join(describe_group(group)))
    click.echo("Nobody gets a lesson twice, or anything at once: what comes next comes at their usual time.")
    if dry_run or not (yes or click.confirm("Move them?")):
        return
    with database.write() as session:
        moved = move_learners(session, shelf, course, now(), doer(why))
    click.echo(f"{sum(group.learners for group in moved)} learners were moved.")


def open_database(settings: Settings) -> Database:
    database = Database(settings.database_url)
    if not is_current(database):
        migrate_database(database)
    return database


def doer(why: str) -> Doer:
    return Doer("the command line", Clock().real(), why)
