"""For operators: one learner at a time."""

import json
from contextlib import closing
from functools import partial

import click

from course.clock import open_clock
from course.db import Database
from course.enrolment import privacy
from course.enrolment.joining import admit, register
from course.enrolment.registration import Registration, read_registration
from course.erasure import learner as erasure
from course.erasure.copies import remove_copies
from course.publishing.editions import Shelf
from course.settings import Settings
from mailer.runtime import posting_database
from mailer.settings import load


@click.command()
@click.argument("course")
@click.argument("email")
@click.option("--name", default="", help="For the greeting and the certificate.")
@click.option("--zone", default="UTC", show_default=True, help="Such as Europe/Berlin.")
@click.option("--hour", default="8", show_default=True, help="The local hour of the lessons, 0 to 23.")
@click.option("--confirmed", is_flag=True, help="You vouch that they agreed: no confirmation mail, it starts now.")
def enrol(  # noqa: PLR0913 - an argument or option each
    course: str, email: str, name: str, zone: str, hour: str, confirmed: bool
) -> None:
    """Enrol somebody. Unless they are confirmed, they are asked by mail first."""
    settings = load()
    tracking = "1" if settings.tracking == "on" else ""
    fields = {"email": email, "name": name, "zone": zone, "hour": hour, "tracking": tracking}
    form = read_registration(fields).unless_among(settings.studio_users)
    click.echo(_outcome(email, confirmed, mailed=_enrol(settings, course, form, confirmed=confirmed)))


def _enrol(settings: Settings, course: str, form: Registration, *, confirmed: bool) -> bool:
    clock = open_clock(settings.clock, settings.var_dir)
    take = admit if confirmed else register
    with closing(posting_database(settings)) as database:
        return database.transact(
            lambda session: take(session, Shelf(settings.grace).by_slug(session, course), form, clock.times())
        )


def _outcome(email: str, confirmed: bool, *, mailed: bool) -> str:
    if not mailed:
        why = (
            "they are in the course already"
            if confirmed
            else "one went out a short while ago, or as many as an address may get in a day"
        )
        return f"No mail goes to {email}: {why}."
    if confirmed:
        return f"{email} is enrolled. The welcome mail is on its way, and the first lesson follows as planned."
    return f"A mail goes to {email}. The course starts when they press its button."


@click.command()
@click.argument("email")
def export(email: str) -> None:
    """All that is held on a learner, as JSON."""
    with closing(Database(load().database_url)) as database, database.read() as session:
        held = privacy.export(session, privacy.learner_with(session, email).id)
    click.echo(json.dumps(held, ensure_ascii=False, indent=2))


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(email: str, yes: bool) -> None:
    """Erase all that is held on a learner, in every course. This cannot be undone."""
    settings = load()
    now = open_clock(settings.clock, settings.var_dir).now()
    with closing(Database(settings.database_url)) as database:
        with database.read() as session:
            learner_id = privacy.learner_with(session, email).id
        if not yes:
            click.confirm(f"Erase everything about {email}? It cannot be undone.", abort=True)
        erased = database.transact(partial(erasure.erase, learner_id=learner_id, now=now))
        remove_copies(database, settings.outbox, erased)
    click.echo(
        f"Everything about {email} is erased. No list and no operator brings the address back; only its owner can."
        " Backups from before still hold it."
    )
