"""`dayletter up`: the whole of Dayletter on one machine, with one command."""

import signal
import socket
import sys
import threading
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType

import click
from sqlalchemy import func, select

from course.clock import Clock, begin_clock
from course.db import Database
from course.drafts.folder import course_slugs, read_folder
from course.drafts.site_folder import read_site_folder
from course.errors import DayletterError
from course.ids import new_secret
from course.migrations.schema import migrate_database
from course.models import CourseRow, Delivery, Deployment, Hold, SiteText
from course.publishing.publish import keep_media, publish_folder
from course.publishing.site_texts import publish_site
from course.settings import PRIVATE_REDIS, SECRET, SITE, Settings, environment, var_folder
from course.staff.audit_log import Doer
from course.variables import url_parts
from mailer import time_limits
from mailer.preview.mail_rules import check_draft
from mailer.sending.continuity import has_moved
from mailer.settings import load
from mailer.signer import Signer
from mailer.signing_keys import key_finding
from web.commands.only_one import alone_in
from web.commands.private_redis import start_redis
from web.commands.processes import Child, Family

DAY_SECONDS = 86_400
ANSWER_SECONDS = 30.0
LOOK_SECONDS = 0.5


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="The port of the site; 8000, or that of BASE_URL.")
@click.option("--timelapse", type=click.FloatRange(1), help="A course-day passes every so many SECONDS.")
def up(port: int | None, timelapse: float | None) -> None:
    """Run everything here: site, worker, clock, and a private Redis unless REDIS_URL is set."""
    stop = _stop_on_signals()
    environ = environment()
    if not environ.get("SECRET_KEY"):
        _make_secret(var_folder() / SECRET)
    port = port or _port_of(environ.get("BASE_URL", ""))
    environ.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
    settings = load(environ)
    with alone_in(settings.var_dir):
        _run(port, timelapse, environ, settings, stop)


def _run(
    port: int, timelapse: float | None, environ: dict[str, str], settings: Settings, stop: threading.Event
) -> None:
    """Starts everything and looks after it until `stop`, leaving nothing. Raises DayletterError if it cannot."""
    _refuse_taken(port)
    database = Database(settings.database_url)
    migrate_database(database)
    if timelapse is not None:
        environ["CLOCK"] = _clock_of(timelapse, database)
        settings = load(environ)
    if settings.clock is not None:
        begin_clock(settings.clock, settings.var_dir)
    _publish_new(settings, database)
    _tell_of_hold(settings, database)
    database.close()
    family = Family()
    (settings.var_dir / SITE).write_text(settings.base_url + "\n")
    try:
        if not environ.get("REDIS_URL"):
            environ["REDIS_URL"] = start_redis(family, settings.var_dir, environ, stop)
            (settings.var_dir / PRIVATE_REDIS).write_text(environ["REDIS_URL"] + "\n")
        site = _start_rest(family, port, environ)
        site.wait_until(lambda: _is_served(port), stop, f"The site did not start on port {port}.")
        _greet(environ["BASE_URL"], settings, timelapse)
        while not stop.wait(LOOK_SECONDS):
            for name in family.look_after():
                click.echo(f"{name} had died and was started again", err=True)
    finally:
        family.stop()
        (settings.var_dir / SITE).unlink(missing_ok=True)
        if not environment().get("REDIS_URL"):
            (settings.var_dir / PRIVATE_REDIS).unlink(missing_ok=True)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    return stop


def _make_secret(file: Path) -> None:
    """Once: learners' links are signed with it."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(new_secret() + "\n")


def _port_of(base_url: str) -> int:
    parts = url_parts(base_url)
    return parts.port or 8000 if parts.hostname in ("127.0.0.1", "localhost") else 8000


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DayletterError(
                f"Port {port} is taken, perhaps by another `dayletter up`. Stop that, or choose another port:"
                f" `dayletter up --port {port + 1}`, `make run PORT={port + 1}`"
            ) from None


def _clock_of(timelapse: float, database: Database) -> str:
    """It goes on where an earlier time-lapse in this database stopped."""
    start = max(Clock().real(), _newest_moment(database)).replace(microsecond=0)
    return f"{start:%Y-%m-%dT%H:%M:%SZ}@{DAY_SECONDS / timelapse:g}"


def _newest_moment(database: Database) -> datetime:
    with database.read() as session:
        newest = session.scalar(select(func.max(Delivery.dated_at)))
    return newest + timedelta(minutes=1) if newest else datetime.fromtimestamp(0, UTC)


def _publish_new(settings: Settings, database: Database) -> None:
    """Courses that were never published, if their drafts are clean; later drafts wait for `publish`."""
    with database.read() as session:
        known = set(session.scalars(select(CourseRow.slug)))
    for slug in course_slugs(settings.lessons_dir):
        if slug in known:
            continue
        folder = read_folder(settings.lessons_dir, slug)
        if errors := check_draft(folder).errors:
            click.echo(f"{slug} was not published:", err=True)
            for problem in errors:
                click.echo(f"  {settings.lessons_dir / slug}/{problem}", err=True)
            continue
        kept = keep_media(folder, settings.var_dir)
        with database.write() as session:
            publish_folder(session, folder, kept, Clock().now(), Doer("dayletter up", Clock().real()))
        click.echo(f"{slug} is published for the first time.")
    _publish_site(settings, database)


def _publish_site(settings: Settings, database: Database) -> None:
    """What the site says of itself, if that was never published and has no errors."""
    folder, now = read_site_folder(settings.lessons_dir), Clock().now()
    with database.write() as session:
        if session.scalar(select(SiteText.name).limit(1)) is None:
            publish_site(session, folder, now, Doer("dayletter up", Clock().real()))
    for problem in folder.errors:
        click.echo(f"{settings.lessons_dir}/{problem}", err=True)


def _tell_of_hold(settings: Settings, database: Database) -> None:
    with database.read() as session:
        held = session.scalar(select(Hold.why))
        known = session.scalar(select(Deployment.base_url))
        keys = key_finding(session, Signer(settings.secrets).fingerprints, Clock().real())
    if held:
        click.echo(f"Sending is on hold: {held}", err=True)
        click.echo(f"`{sys.argv[0]} release` lets it go on.", err=True)
    elif known is not None and has_moved(known, settings):
        click.echo(f"This database sent for {known} before, and BASE_URL is {settings.base_url} now.", err=True)
        click.echo(f"Nothing is sent until you run `{sys.argv[0]} release`.", err=True)
    elif keys.state != "good":
        click.echo(f"{keys.said} {keys.todo}", err=True)


def _start_rest(family: Family, port: int, environ: dict[str, str]) -> Child:
    """The site's process; that of the worker and that of the clock run beside it."""
    dayletter = str(Path(sys.executable).parent / "dayletter")
    site = Child("the site", [dayletter, "serve", "--port", str(port)], environ)
    for child in (
        site,
        Child("the worker", [dayletter, "work"], environ, stop_seconds=time_limits.STOP),
        Child("the clock", [dayletter, "clock"], environ),
    ):
        family.add(child)
    return site


def _is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=ANSWER_SECONDS):
            return True
    except OSError:
        return False


def _greet(base_url: str, settings: Settings, timelapse: float | None) -> None:
    click.echo(f"\n  Landing page  {base_url}/")
    if settings.outbox:
        click.echo(f"  Inbox         {base_url}/inbox   (mails stay in {settings.outbox})")
    operators = [email for email, role in settings.studio_users.items() if role == "operator"]
    if operators:
        click.echo(f"  Studio        {base_url}/studio   (sign in as {operators[0]})")
    if timelapse:
        click.echo(f"  Time-lapse    a course-day every {timelapse:g} seconds")
    click.echo("\n  Ctrl-C stops everything.\n")
