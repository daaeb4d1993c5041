"""For operators: is everything well, and if not, what is to be done."""

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict
from email.utils import parseaddr
from pathlib import Path

import click
from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, resolve
from sqlalchemy import make_url, select
from sqlalchemy.exc import SQLAlchemyError

from course.checkup import Finding
from course.db import Database
from course.errors import DayletterError, SettingsError, WrongSchema
from course.models import Hold
from course.settings import Settings
from course.settings_checkup import of_settings
from mailer.bounces.imap import trouble
from mailer.preview.mail_rules import check_draft
from mailer.providers.contract import Provider
from mailer.providers.registry import provider_settings
from mailer.queue import MailQueue
from mailer.return_path import BounceMailbox
from mailer.runtime import own_mailbox
from mailer.sender_dns import SenderDns, judge, names_to_ask
from mailer.settings import load
from web.commands.authoring import folders

LOOK_UP_SECONDS = 5.0
COLOURS = {"good": "green", "warning": "yellow", "bad": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor(as_json: bool) -> None:
    """Look at everything that sending needs, and say what to do about it. Changes nothing and sends nothing."""
    findings = list(_findings())
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    else:
        for finding in findings:
            state = click.style(f"{finding.state:8}", fg=COLOURS[finding.state])
            click.echo(f"{state} {finding.about}: {finding.said} {finding.todo}".rstrip())
    if any(finding.state == "bad" for finding in findings):
        sys.exit(1)


def _findings() -> Iterator[Finding]:
    try:
        settings = load()
    except SettingsError as wrong:
        for problem in wrong.problems:
            yield Finding("configuration", "bad", problem, "The rest is looked at when this is right.")
        yield from _of_lessons()
        return
    provider = provider_settings(settings)
    yield from of_settings(settings, provider.doubts())
    yield _of_database(settings.database_url)
    yield _of_redis(settings.redis_url)
    yield from _of_lessons()
    with closing(provider.open()) as opened:
        yield from of_provider(opened, settings.outbox)
    yield from of_mailbox(own_mailbox(settings))
    yield from _of_domain(settings, provider.sender_dns)


def _of_database(url: str) -> Finding:
    file = make_url(url).database if url.startswith("sqlite") else None
    if file and not Path(file).is_file():
        return Finding("database", "bad", f"{file} does not exist yet.", "Run `dayletter migrate`, or `up`.")
    try:
        with closing(Database(url)) as database, database.read() as session:
            why = session.scalar(select(Hold.why))
    except WrongSchema as problem:
        what, _, todo = str(problem).partition(". ")
        return Finding("database", "bad", f"{what}.", todo)
    except SQLAlchemyError as problem:
        said = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
        return Finding("database", "bad", f"It does not answer: {said}", "Start it, or correct DATABASE_URL.")
    if why is not None:
        todo = "`dayletter release` lets it go on, after saying what will happen."
        return Finding("database", "warning", f"Sending is on hold: {why}", todo)
    return Finding("database", "good", "It answers, and its schema is this version's.")


def _of_redis(url: str | None) -> Finding:
    if url is None:
        todo = "`dayletter up` starts one; where processes are started one by one, set REDIS_URL."
        return Finding("Redis", "warning", "There is none at the moment.", todo)
    with closing(MailQueue(url)) as queue:
        if queue.is_there():
            return Finding("Redis", "good", "It answers.")
    return Finding("Redis", "bad", "It does not answer.", "Start it (or `dayletter up`), or correct REDIS_URL.")


def _of_lessons() -> Iterator[Finding]:
    try:
        drafts = folders(None)
    except DayletterError as problem:
        yield Finding("lessons", "bad", str(problem), "Set LESSONS_DIR, or begin with `dayletter new`.")
        return
    for folder in drafts:
        found = check_draft(folder)
        errors, warnings = len(found.errors), len(found.problems) - len(found.errors)
        said = f"{folder.slug} has {errors} errors and {warnings} warnings."
        todo = f"`dayletter lint {folder.slug}` names them." if found.problems else ""
        yield Finding("lessons", "bad" if errors else "good", said, todo)


def of_provider(provider: Provider, outbox: Path | None) -> Iterator[Finding]:
    """Whether it would take mail now; `outbox` is the folder where mails stay, if they do."""
    about = "mail provider"
    trouble = provider.trouble()
    ways = {} if trouble else provider.ways()
    if trouble:
        yield Finding(about, "bad", f"It would take no mail: {trouble}.", "Correct MAIL_URL or its key.")
    elif outbox is not None:
        yield Finding(about, "good", f"Mails stay here, in {outbox}; nobody gets any.")
    elif len(ways) > 1:
        yield Finding(about, "good", f"It lets us in at {', '.join(at for at, why in ways.items() if not why)}.")
    else:
        yield Finding(about, "good", "It lets us in.")
    for at, why in ways.items():
        if why:
            todo = "Mails go by its other addresses; have this one mended, or taken out of DNS."
            yield Finding(about, "warning", f"It does not let us in at {at}: {why}.", todo)


def of_mailbox(mailbox: BounceMailbox | None) -> Iterator[Finding]:
    """Whether the mailbox for bounces can be read, where there is one."""
    about = "bounces"
    if mailbox is None:
        return
    if not mailbox.is_read:
        yield Finding(
            about, "good", f"The mail server hands what comes to {mailbox.address} to `dayletter bounce`."
        )
    elif why := trouble(mailbox):
        said = f"The mailbox at {mailbox.host} cannot be read: {why}."
        yield Finding(about, "bad", said, "Correct MAIL_BOUNCES; until then no bounce is heard of.")
    else:
        said = f"The mailbox at {mailbox.host} answers; bounces come to {mailbox.return_path('ID')}."
        yield Finding(about, "good", said)


def _of_domain(settings: Settings, expected: SenderDns) -> list[Finding]:
    if settings.outbox is not None:
        return [Finding("DNS", "good", "Mails that stay here need no SPF, DKIM or DMARC.")]
    domain = parseaddr(settings.mail_from)[1].rpartition("@")[2].lower()
    names = names_to_ask(domain, expected)
    with ThreadPoolExecutor(len(names)) as askers:
        answers = dict(zip(names, askers.map(_texts, names), strict=True))
    return judge(domain, answers, expected)


def _texts(name: str) -> Sequence[str] | None:
    """The name's TXT records; None if nobody could be asked."""
    try:
        answer = resolve(name, "TXT", lifetime=LOOK_UP_SECONDS)
    except (NXDOMAIN, NoAnswer):
        return ()
    except DNSException:
        return None
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
