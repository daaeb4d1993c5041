"""The provider's event about a mail to ourselves, waited for."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from course.checkup import Finding
from course.clock import Clock
from course.db import Database
from course.errors import WrongSchema
from course.models import Probe
from course.settings import Settings
from mailer.checkup.looking import could_not_be_asked
from mailer.checkup.waiting import Waiting


def begin(settings: Settings, name: str) -> Iterator[Finding]:
    """Notes that an event of this attempt is waited for; a finding if that cannot be done."""
    try:
        with closing(Database(settings.database_url)) as database, database.write() as session:
            now = Clock().real()
            session.add(Probe(id=name, began_at=now, answered_at=now))
    except (SQLAlchemyError, WrongSchema):
        yield could_not_be_asked("events", "the database does not answer", "See the finding on the database.")


def heard(settings: Settings, name: str, waiting: Waiting) -> Finding:
    """Whether the attempt's event was heard by the site in time."""
    about = "events"
    try:
        with closing(Database(settings.database_url)) as database:
            at = waiting.until(lambda: _event_of(database, name), waiting.event, "its event")
    except (SQLAlchemyError, WrongSchema):
        return could_not_be_asked(about, "the database does not answer", "See the finding on the database.")
    if at is None:
        said = f"No event about the mail was heard within {waiting.event:.0f} seconds."
        todo = (
            f"See that the provider's webhook posts to {settings.base_url}/hooks/, that it is switched on and"
            " signed, and that the site runs; docs/deploy.md says how."
        )
        return Finding(about, "bad", said, todo)
    return Finding(about, "good", "The provider's event about the mail was heard.")


def _event_of(database: Database, name: str) -> datetime | None:
    with database.read() as session:
        probe = session.get(Probe, name)
        return probe.heard_at if probe is not None else None
