"""For operators: mail to an address that was closed."""

from contextlib import closing

import click

from course.clock import open_clock
from course.enrolment import closed_addresses
from mailer.runtime import posting_database
from mailer.settings import load
from web.commands.publishing import doer


@click.command()
@click.argument("email")
@click.option("--why", default="allowed by an operator", help="Why mail will be taken there again, for the log.")
def allow(email: str, why: str) -> None:
    """Let mail go again to an address at which it bounced."""
    settings = load()
    clock = open_clock(settings.clock, settings.var_dir)
    with closing(posting_database(settings)) as database, database.write() as session:
        closed_addresses.allow(session, email, clock.times(), doer(why))
    click.echo(f"Mail goes to {email} again, and what was stopped goes on.")
    click.echo("If your mail provider keeps a list of its own, take the address off that list, too.")
