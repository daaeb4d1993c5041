"""For authors: check a draft, publish it."""

import json
import sys
from collections.abc import Sequence

import click

from course.clock import open_clock
from course.content import Problem
from course.db import Database, is_current, migrate
from course.editions import Changes, Unpublishable, changes, check, keep_media
from course.editions import publish as publish_folder
from course.errors import DayletterError
from course.library import Folder, course_slugs, read_folder
from course.settings import lessons_folder, load


@click.command()
@click.argument("course", required=False)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def lint(course: str | None, as_json: bool) -> None:
    """Check the drafts of one course, or of all: needs nothing but the files."""
    found = [(folder.slug, check(folder).problems) for folder in _folders(course)]
    if as_json:
        click.echo(json.dumps([_as_json(slug, problem) for slug, problems in found for problem in problems]))
    else:
        for slug, problems in found:
            _tell(slug, problems)
    if any(problem.level == "error" for _, problems in found for problem in problems):
        sys.exit(1)


def _folders(course: str | None) -> list[Folder]:
    lessons_dir = lessons_folder()
    slugs = (course,) if course else course_slugs(lessons_dir)
    if not slugs:
        raise DayletterError(f"No course in {lessons_dir}: a course is a folder there with a course.md in it.")
    return [read_folder(lessons_dir, slug) for slug in slugs]


def _as_json(slug: str, problem: Problem) -> dict[str, object]:
    return {
        "course": slug,
        "path": problem.path,
        "line": problem.line,
        "level": problem.level,
        "code": problem.code,
        "message": problem.message,
    }


def _tell(slug: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(f"{lessons_folder() / slug}/{problem}")
    errors = sum(problem.level == "error" for problem in problems)
    click.echo(f"{slug}: {errors} errors, {len(problems) - errors} warnings")


@click.command()
@click.argument("course", required=False)
@click.option("--dry-run", is_flag=True, help="Show what would change, and stop.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def publish(course: str | None, dry_run: bool, yes: bool) -> None:
    """Publish the draft of one course, or of all, after showing what changes."""
    settings = load()
    database = Database(settings.database_url)
    if not is_current(database):
        migrate(database)
    for folder in _folders(course):
        kept = {} if check(folder).errors else keep_media(folder, settings.var_dir)
        try:
            with database.read() as session:
                planned = changes(session, folder, kept)
        except Unpublishable as problem:
            _tell(folder.slug, problem.problems)
            raise DayletterError(f"{folder.slug} was not published; what is in service stays as it is.") from None
        click.echo(describe(folder.slug, planned))
        if dry_run or planned.nothing or not (yes or click.confirm("Publish this?")):
            continue
        with database.write() as session:
            publish_folder(session, folder, kept, open_clock(settings.clock, settings.var_dir).now())
        click.echo(f"{folder.slug} is published.")


def describe(slug: str, planned: Changes) -> str:
    """What publishing does, in lines for people."""
    if planned.nothing:
        return f"{slug}: nothing has changed since it was published."
    lines = [f"{slug}:"]
    for word, identities in (
        ("new", planned.added),
        ("corrected", planned.corrected),
        ("withdrawn", planned.withdrawn),
    ):
        lines += [f"  {word}: {kind} {name}" for kind, name in identities]
    if planned.media:
        lines.append(f"  media: {len(planned.media)} files changed")
    if planned.new_edition:
        lines.append("  a new edition: for enrolments from now on; those under way keep theirs")
    return "\n".join(lines)
