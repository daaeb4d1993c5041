"""For operators: the schema, the processes, the numbers, and the brake."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from course.clock import Clock
from course.db import Database
from course.errors import Refused
from course.migrations.schema import migrate_database
from course.reports.ledger import DayAccount, accounts, condition, learners_due
from course.reports.numbers import course_stats
from mailer.runtime import build
from mailer.sending.continuity import ask_outside, let_go_on
from mailer.sending.patience.hold import hold_sending
from mailer.sending.plan import planning_step
from mailer.settings import load
from worker import take_batches, tick

TABLE_WIDTH = 160
PLAIN = ("due", "sent", "delivered", "bounced", "uncertain", "failed")


@click.command()
def migrate() -> None:
    """Bring the database's schema to the newest version."""
    migrate_database(Database(load().database_url))
    click.echo("The database is up to date.")


@click.command()
def plan() -> None:
    """One planning step now: what the clock process does all the time."""
    done = planning_step(build(load()))
    click.echo(f"{done.looked_at} enrolments looked at, {done.made} lessons due, {done.enqueued} batches enqueued")


@click.command()
def work() -> None:
    """A worker: sends what is due until it is stopped. Any number may run."""
    _log_to_terminal()
    take_batches(build(load()))


@click.command()
def clock() -> None:
    """The clock process: plans what is due until it is stopped. Any number may run."""
    _log_to_terminal()
    tick(build(load()))


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")


@click.command()
@click.argument("course")
@click.option("--json", "as_json", is_flag=True, help="The numbers as JSON.")
def stats(course: str, as_json: bool) -> None:
    """The numbers of a course, lesson by lesson."""
    database = Database(load().database_url)
    with database.read() as session:
        numbers = course_stats(session, course)
        days = accounts(session, Clock().real(), days=7, course=course)
    if as_json:
        click.echo(json.dumps(numbers))
        return
    console = Console()
    # A number or name cut short is worse than a line that wraps.
    console.width = max(console.width, TABLE_WIDTH)
    console.print(_table(numbers))
    for said in said_of_lessons(numbers):
        click.echo(said)
    for day in days:
        click.echo(_in_words(day))
    for said in numbers["said_at_the_end"]:
        click.echo(f"{said['on']}: “{' '.join(said['words'].split())}”")


def _in_words(day: DayAccount) -> str:
    """`2026-03-27: 120 due = 118 accepted + 2 queued`"""
    parts = " + ".join(f"{count} {state}" for state, count in day.states.items() if count)
    return f"{day.on}: {day.due} due {'=' if day.adds_up else 'IS NOT'} {parts or 0}"


def _table(numbers: dict[str, Any]) -> Table:
    people = ", ".join(f"{count} {state}" for state, count in sorted(numbers["learners"].items()))
    title = f"{numbers['course']}, edition {numbers['edition']}: {people or 'nobody enrolled yet'}"
    table = Table(box=SIMPLE_HEAD, title_justify="left", title=title)
    for column in ("day", "lesson", *PLAIN, "opened", "clicked", "visited", "completed", "feedback"):
        table.add_column(column, justify="left" if column == "lesson" else "right")
    for lesson in numbers["lessons"]:
        opened, clicked = (_by_humans(lesson[kind]) for kind in ("opened", "clicked"))
        plain = [str(lesson[column]) for column in PLAIN]
        ends = [str(lesson["visited"]), str(lesson["completed"]), scores_in_words(lesson["scores"])]
        table.add_row(str(lesson["day"]), lesson["lesson"], *plain, opened, clicked, *ends)
    return table


def scores_in_words(scores: dict[str, int]) -> str:
    """`4 / 2 / 1`: how many found it very useful, fine, not for them."""
    return (
        " / ".join(str(scores[score]) for score in sorted(scores, reverse=True)) if any(scores.values()) else "-"
    )


def said_of_lessons(numbers: dict[str, Any]) -> Iterator[str]:
    """Yield what learners wrote about each lesson, as lines for people."""
    for lesson in numbers["lessons"]:
        for one in lesson["said"]:
            yield f"On {lesson['lesson']}: {' '.join(one['words'].split())}"


def _by_humans(judged: dict[str, int]) -> str:
    """`3 +1?`: three people surely, one perhaps; machines are left out."""
    return f"{judged['human']}" + (f" +{judged['unclear']}?" if judged["unclear"] else "")


@click.command()
@click.option("--why", default="held by an operator", help="The reason, shown wherever the hold is.")
def hold(why: str) -> None:
    """Stop all sending. Nothing is lost: it goes on where it stopped."""
    settings = load()
    if not why.strip():
        raise Refused("Say why sending is to stop: others will want to know. Nothing was changed.")
    with Database(settings.database_url).write() as session:
        reason = hold_sending(session, why, Clock().real())
    click.echo(f"Sending is on hold: {reason}")
    click.echo("`dayletter release` lets it go on.")


@click.command()
def release() -> None:
    """Let sending go on, also from a database or an address that was held because it had changed."""
    runtime = build(load())
    with runtime.db.read() as session:
        now = condition(session, runtime.clock.now())
        due = learners_due(session, runtime.clock.now())
    if now.hold is not None:
        click.echo(f"Held: {now.hold}")
        click.echo(
            f"From now on {now.states['queued']} waiting mails go out, and {due} learners are due a lesson."
        )
    outside = ask_outside(runtime)
    with runtime.db.write() as session:
        why = let_go_on(runtime, session, outside, runtime.clock.real())
    click.echo("Sending goes on." if why else "Sending was not on hold.")
