"""For operators: what is past its time, shown and removed."""

from contextlib import closing

import click
from rich.console import Console
from rich.progress import Progress

from course.clock import open_clock
from course.db import Database
from course.erasure.purge import count_overdue
from course.retention.days import KINDS
from mailer.purging import portions
from mailer.settings import load


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what would go, and stop.")
def purge(dry_run: bool) -> None:
    """Remove what is past its time by RETENTION; the clock process does it every day.

    docs/privacy.md says how long each kind of data is kept, and why.
    """
    settings = load()
    times = open_clock(settings.clock, settings.var_dir).times()
    with closing(Database(settings.database_url)) as database:
        with database.read() as session:
            overdue = count_overdue(session, settings.retention, times)
        for kind, what in KINDS.items():
            days = settings.retention[kind]
            kept = "kept for ever" if days is None else f"after {days:,} days: {overdue[kind]:,}"
            click.echo(f"{kind}: {what.said} ({kept})")
        if dry_run:
            click.echo("Nothing was removed.")
            return
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("purging", total=sum(overdue.values()))
            gone = 0
            for _, purged in portions(database, settings, times):
                gone += purged.count
                progress.update(task, completed=gone)
    click.echo(f"{gone:,} {'row or learner is' if gone == 1 else 'rows and learners are'} gone.")
