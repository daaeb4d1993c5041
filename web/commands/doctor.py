"""For operators: is everything well, and if not, what is to be done."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict

import click

from course.checkup import Finding
from course.clock import Clock
from course.errors import DayletterError, SettingsError
from course.settings import Settings
from course.settings_checkup import of_settings
from mailer.checkup.database import of_database
from mailer.checkup.line import of_mailbox, of_provider
from mailer.checkup.looking import Look, look_at
from mailer.checkup.machine import of_interpreter, of_room, of_time_zones
from mailer.checkup.proof import prove
from mailer.checkup.redis_server import of_queue
from mailer.checkup.sender_domain import of_domain
from mailer.checkup.site import of_site
from mailer.checkup.time_servers import of_time
from mailer.checkup.waiting import Waiting
from mailer.preview.mail_rules import check_draft
from mailer.providers.contract import ProviderSettings
from mailer.providers.registry import provider_settings
from mailer.runtime import own_mailbox
from mailer.settings import load
from web.commands.authoring import folders

COLOURS = {"good": "green", "warning": "yellow", "bad": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.option("--send", "is_sent", is_flag=True, help="Also send a mail to MAIL_REPLY_TO, and follow it.")
def doctor(as_json: bool, is_sent: bool) -> None:
    """Look at everything that sending needs, and say what to do about it. Changes nothing, and sends nothing
    without --send."""
    findings: list[Finding] = []
    for finding in _findings(is_sent):
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings]))
    if any(finding.state == "bad" for finding in findings):
        sys.exit(1)


def _show(finding: Finding) -> None:
    state = click.style(f"{finding.state:8}", fg=COLOURS[finding.state])
    click.echo(f"{state} {finding.about}: {finding.said} {finding.todo}".rstrip())


def _findings(is_sent: bool) -> Iterator[Finding]:
    try:
        settings = load()
        provider = provider_settings(settings)
    except SettingsError as wrong:
        for problem in wrong.problems:
            yield Finding("configuration", "bad", problem, "The rest is looked at when this is right.")
        yield from _of_lessons()
        return
    yield from of_settings(settings, provider.doubts())
    yield from look_at(list(_looks(settings, provider)))
    if is_sent:
        yield from prove(settings, Waiting(lambda words: click.echo(words, err=True)))


def _looks(settings: Settings, provider: ProviderSettings) -> Iterator[Look]:
    """In an order in which the quick ones are told first. What is about the world outside is looked at where mails
    leave."""
    clock = Clock()
    today = clock.real().date()
    yield Look("Python", lambda: of_interpreter(today))
    yield Look("disk", lambda: [of_room(settings)])
    yield Look("database", lambda: of_database(settings))
    yield Look("Redis", lambda: of_queue(settings.redis_url))
    yield Look("time zones", lambda: of_time_zones(settings, today))
    yield Look("lessons", _of_lessons)
    yield Look("mail provider", lambda: _of_provider(settings, provider))
    yield Look("bounces", lambda: of_mailbox(own_mailbox(settings)))
    yield Look("DNS", lambda: of_domain(settings, provider.sender_dns))
    if settings.outbox is None:
        yield Look("TLS", lambda: provider.look(clock.real()))
        yield Look("links", lambda: of_site(settings.base_url, clock.real()))
        yield Look("clock", lambda: [of_time(settings.base_url, clock.real)])


def _of_provider(settings: Settings, provider: ProviderSettings) -> Iterable[Finding]:
    with closing(provider.open()) as opened:
        yield from of_provider(opened, settings.outbox)


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
