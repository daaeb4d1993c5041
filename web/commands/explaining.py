"""For operators: why a learner got, gets or does not get a mail."""

from contextlib import closing

import click
from sqlalchemy import select

from course.clock import open_clock
from course.db import Database
from course.enrolment.privacy import learner_with
from course.language.words import ENGLISH
from course.models import Enrolment, Suppression
from course.publishing.editions import Shelf
from course.reports.mail_history import Story, story_of
from course.reports.undelivered import unreachable
from course.set_aside import failure_of
from mailer.settings import load


@click.command()
@click.argument("email")
def explain(email: str) -> None:
    """Past and planned mails of a learner, with the reason for each."""
    settings = load()
    now = open_clock(settings.clock, settings.var_dir).now()
    shelf = Shelf(settings.grace)
    with closing(Database(settings.database_url)) as database, database.read() as session:
        learner = learner_with(session, email)
        suppressed = session.get(Suppression, learner.email)
        if suppressed is not None:
            click.echo(f"No mail goes to {learner.email}: {suppressed.reason}. {suppressed.why}".rstrip())
        rounds = select(Enrolment).where(Enrolment.learner_id == learner.id).order_by(Enrolment.id)
        for enrolment in session.scalars(rounds):
            published = shelf.course(session, enrolment.course_id)
            click.echo(_heading(enrolment, published.course.slug))
            if unreachable(session, [enrolment.id]):
                click.echo("  Cannot be reached: a lesson was given up; see `dayletter resend`")
            if (failed := failure_of(session, "enrolment", str(enrolment.id))) is not None:
                again = f"{failed.again_at:%Y-%m-%d %H:%M} UTC"
                click.echo(f"  Set aside after {failed.tries} tries ({failed.why}); tried again at {again}")
            try:
                _tell(story_of(session, published, enrolment, now, ENGLISH), enrolment.zone)
            except (ValueError, LookupError) as problem:
                click.echo(f"  What was sent and planned cannot be told: {type(problem).__name__} {problem}")


def _tell(told: Story, zone: str) -> None:
    for mail in told.mails:
        trouble = f" ({mail.trouble})" if mail.trouble else ""
        when = ENGLISH.moment(mail.at, zone)
        click.echo(f"  {when}: {mail.lesson or mail.kind}, {mail.state}{trouble}, because {mail.why}")
    click.echo(f"  Then: {told.then}")


def _heading(enrolment: Enrolment, course: str) -> str:
    once_more = f", round {enrolment.round}" if enrolment.round > 1 else ""
    limit = f", at most {enrolment.max_open} unfinished" if enrolment.max_open else ""
    return (
        f"{course}{once_more}: {enrolment.state}, {enrolment.pace}{limit},"
        f" at {enrolment.hour}:00 in {enrolment.zone}, weekdays {enrolment.weekdays}"
    )
