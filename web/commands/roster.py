"""For operators: many learners at once, as a CSV file."""

import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from course.clock import open_clock
from course.db import Database
from course.enrolment.many.csv_rows import COLUMNS, BadRow, CsvFile, Row, open_csv, read_rows, written
from course.enrolment.many.import_learners import PORTION, Taken, take_in, to_take_along
from course.publishing.editions import Shelf
from course.settings import Settings
from course.staff.audit_log import log_deed
from mailer.runtime import posting_database
from mailer.settings import load
from web.commands.publishing import doer


@click.group()
def learners() -> None:
    """Many learners at once, as a CSV file with the columns email,name,zone,hour,confirmed_at."""


@learners.command("import")
@click.argument("course")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(course: str, file: Path) -> None:
    """Enrol whom a CSV file names. Only `email` is required; UTF-8, with commas, semicolons or tabs.

    Who has a time in `confirmed_at` agreed elsewhere and begins at once; the others are asked by mail first. A row
    that cannot be taken is told with its line, the good ones are kept. Importing a file again enrols nobody twice.
    """
    settings = load()
    sheet = open_csv(str(file), file.read_bytes())
    if sheet.unknown:
        named = ", ".join(repr(column[:40]) for column in sheet.unknown)
        click.echo(f"{file}: These columns are passed over: {named}. Known are {', '.join(COLUMNS)}.", err=True)
    with closing(posting_database(settings)) as database:
        taken = _import(settings, database, course, sheet, str(file))
    for line in _outcome(course, taken):
        click.echo(line)
    if taken.bad:
        sys.exit(1)


def _import(settings: Settings, database: Database, course: str, sheet: CsvFile, name: str) -> Taken:
    shelf, clock = Shelf(settings.grace), open_clock(settings.clock, settings.var_dir)
    with database.read() as session:
        shelf.by_slug(session, course)  # told before the first row
    rows = read_rows(sheet, tracking=settings.tracking == "on", staff=settings.studio_users, now=clock.now())
    total = Taken()
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("importing", total=sheet.last)
        for portion in _portions(rows):
            with database.write() as session:
                published = shelf.by_slug(session, course)
                taken = take_in(session, published, portion, clock.times())
                if taken.enrolled and not total.enrolled:  # once, and also of an import that is stopped
                    log_deed(session, doer(""), "imported learners", published.id, file=name)
            for bad in taken.bad:
                click.echo(f"{name}:{bad.line}: {bad.why}", err=True)
            progress.update(task, completed=portion[-1].line)
            total += taken
    return total


def _portions(rows: Iterator[Row | BadRow]) -> Iterator[list[Row | BadRow]]:
    while portion := list(islice(rows, PORTION)):
        yield portion


def _outcome(course: str, taken: Taken) -> list[str]:
    lines = [
        (taken.begun, "begin now, with the welcome mail"),
        (taken.asked, "asked by mail first: the course starts when they press its button"),
        (taken.already, "in the course already, and left as they are"),
        (len(taken.bad), "bad: mend these rows and import the file again, nobody is enrolled twice"),
    ]
    rows = taken.enrolled + taken.already + len(taken.bad)
    return [
        f"{course}: {rows:,} {'row' if rows == 1 else 'rows'} read",
        *(f"{count:>9,} {what}" for count, what in lines if count),
    ]


@learners.command("export")
@click.argument("course")
def export_file(course: str) -> None:
    """Write a course's learners as CSV to standard output, in UTF-8, such as `import` takes.

    Left out are those who have left, whose address takes no mail any more, and staff. What a spreadsheet
    would compute, whatever it parts cells by, gets an apostrophe before it, which `import` takes off again.
    """
    with closing(Database(load().database_url)) as database, database.read() as session:
        published = Shelf().by_slug(session, course)
        click.echo(written(to_take_along(session, published.id)).encode(), nl=False)
