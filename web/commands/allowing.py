"""For operators: addresses at which mail bounces, and mail to them again."""

import sys
from contextlib import closing

import click
from sqlalchemy.exc import SQLAlchemyError

from course.clock import open_clock
from course.enrolment import closed_addresses
from course.errors import DayletterError
from course.publishing.editions import Shelf
from course.traces import reason_of
from mailer.bounces.hear import Hearing, hear
from mailer.bounces.parts import MOST_BYTES
from mailer.runtime import own_mailbox, posting_database
from mailer.settings import load
from mailer.signer import Signer
from web.commands.publishing import doer

TRY_AGAIN = 75
"""EX_TEMPFAIL: a mail server keeps the mail, and hands it over again later."""


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


@click.command()
def bounce() -> None:
    """Take a bounce from standard input, or the wish to leave a course, as a mail server hands it over.

    Exit code 0 also for what is no bounce, so that no mail server bounces it; 75 if it is to come again later.
    """
    raw = sys.stdin.buffer.read(MOST_BYTES)
    try:
        settings = load()
        clock = open_clock(settings.clock, settings.var_dir)
        with closing(posting_database(settings)) as database:
            by = Hearing(database, Shelf(settings.grace), Signer(settings.secrets), own_mailbox(settings))
            said = hear(by, raw, clock.times())
    except (DayletterError, SQLAlchemyError, OSError) as problem:
        told = str(problem) if isinstance(problem, DayletterError) else reason_of(problem)
        click.echo(f"Not now: {told}", err=True)
        sys.exit(TRY_AGAIN)
    click.echo(f"It is {said}.")
