"""For operators: lessons whose mail failed, sent again."""

from contextlib import closing

import click

from course.clock import Clock, open_clock
from course.db import Database
from course.enrolment.enrolments import participant
from course.errors import NotFound, Refused
from course.learning.resend import send_again
from course.publishing.editions import Shelf
from course.reports.undelivered import failed_for, reasons
from course.staff.audit_log import log_deed
from mailer.runtime import posting_database
from mailer.settings import load
from web.commands.publishing import doer


@click.command()
@click.argument("course")
@click.option("--because", default="", help="Send those again whose reason contains these words.")
@click.option("--all", "every", is_flag=True, help="Send all of them again.")
def resend(course: str, because: str, every: bool) -> None:
    """Show why lessons failed whose courses stand still; with an option, send them again."""
    settings = load()
    with closing(posting_database(settings)) as database:
        with database.read() as session:
            course_id = Shelf().by_slug(session, course).id
            why = reasons(session, course_id)
        if because or every:
            sent = _send(database, course_id, because, open_clock(settings.clock, settings.var_dir))
            click.echo(f"{course}: {sent:,} {'lesson goes' if sent == 1 else 'lessons go'} out again")
            return
    for reason in why:
        click.echo(f"{reason.lessons:>9,}  {reason.why}")
    if not why:
        click.echo(f"{course}: no course stands still for a lesson that failed.")


def _send(database: Database, course_id: int, because: str, clock: Clock) -> int:
    """Each in a transaction of its own: a learner who acts meanwhile waits for no other."""
    with database.read() as session:
        failed = failed_for(session, course_id, because)
    shelf, sent = Shelf(), 0
    for enrolment_id, slug in failed:
        with database.write() as session:
            try:
                send_again(session, participant(session, shelf, enrolment_id, lock=True), slug, clock.times())
            except (NotFound, Refused):  # erased, or left, since we looked
                continue
        sent += 1
    if sent:
        with database.write() as session:
            log_deed(session, doer(because), "sent lessons again", course_id, lessons=sent)
    return sent
