"""For operators: the schema, the processes, and the numbers."""

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
from course.migrations.schema import migrate_database
from course.reports.ledger import DayAccount, accounts
from course.reports.numbers import course_stats
from mailer.runtime import build
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
