"""The database, asked for what it is and how sending stands."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from course.checkup import Finding
from course.clock import Clock, open_clock
from course.db import Database
from course.enrolment.closed_addresses import COMPLAINED
from course.errors import WrongSchema
from course.models import Enrolment, Learner, Suppression
from course.reports.ledger import condition
from course.reports.sign_ups import of_sign_ups
from course.settings import Settings
from mailer.checkup.judges.clocks import of_clock
from mailer.checkup.judges.mails import MailsNow, of_mails
from mailer.checkup.judges.stores import of_postgresql, of_sqlite
from mailer.signer import Signer
from mailer.signing_keys import key_finding

SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "default_transaction_read_only", "server_encoding")


def of_database(settings: Settings) -> Iterator[Finding]:
    """Whether it is there, right, safe, and of one time with us; and how the mails in it stand."""
    url = settings.database_url
    if file := _missing_file(url):
        yield Finding("database", "bad", f"{file} does not exist yet.", "Run `dayletter migrate`, or `up`.")
        return
    try:
        with closing(Database(url)) as database, database.read() as session:
            clock = open_clock(settings.clock, settings.var_dir)
            doubts = [*_of_sqlite(session)] if url.startswith("sqlite") else [*_of_postgresql(session, clock)]
            good = Finding("database", "good", "It answers, and its schema is this version's.")
            yield from doubts or [good]
            yield key_finding(session, Signer(settings.secrets).fingerprints, clock.real())
            if (slowed := of_sign_ups(session, clock.real())) is not None:
                yield slowed
            yield from of_mails(_mails_now(session, clock))
    except WrongSchema as problem:
        what, _, todo = str(problem).partition(". ")
        yield Finding("database", "bad", f"{what}.", todo)
    except SQLAlchemyError as problem:
        said = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
        yield Finding("database", "bad", f"It does not answer: {said}", "Start it, or correct DATABASE_URL.")


def zones_of_learners(settings: Settings) -> list[str]:
    """None where there is no database yet. Raises SQLAlchemyError and WrongSchema."""
    if _missing_file(settings.database_url):
        return []
    with closing(Database(settings.database_url)) as database, database.read() as session:
        return list(session.scalars(select(Enrolment.zone).distinct()))


def _missing_file(url: str) -> str:
    """The file of a database that nobody has made yet: whoever connects would make it."""
    file = make_url(url).database if url.startswith("sqlite") else None
    return file if file and not Path(file).is_file() else ""


def _of_sqlite(session: Session) -> Iterator[Finding]:
    version = str(session.scalar(text("SELECT sqlite_version()")))
    major, minor, small = (int(part) for part in version.split(".")[:3])
    yield from of_sqlite((major, minor, small), str(session.scalar(text("PRAGMA journal_mode"))))


def _of_postgresql(session: Session, clock: Clock) -> Iterator[Finding]:
    names = ", ".join(f"current_setting('{name}')" for name in SETTINGS)
    asked = text(f"SELECT {names}, pg_is_in_recovery(), clock_timestamp()")
    row = session.execute(asked).one()
    told = dict(zip(SETTINGS, map(str, row), strict=False))
    told["in_recovery"] = "on" if row[-2] else "off"
    number = int(str(session.scalar(text("SELECT current_setting('server_version_num')"))))
    now = clock.real()
    yield from of_postgresql(number, told, now.date())
    compared = of_clock((now - row[-1]).total_seconds(), "the database's")
    if compared.state != "good":
        yield compared


def _mails_now(session: Session, clock: Clock) -> MailsNow:
    now = condition(session, clock.now())
    late = -clock.seconds_until(now.oldest_due_at) if now.oldest_due_at else 0.0
    closed = select(func.count()).select_from(Suppression)
    return MailsNow(
        hold=now.hold or "",
        late=max(0.0, late),
        failed=now.undelivered.unreachable,
        uncertain=now.states["uncertain"],
        set_aside=len(now.set_aside),
        addresses=session.scalar(select(func.count()).select_from(Learner)) or 0,
        closed=session.scalar(closed) or 0,
        complained=session.scalar(closed.where(Suppression.reason == COMPLAINED)) or 0,
    )
