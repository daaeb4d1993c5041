"""For authors: check a draft."""

import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.progress import track

from course.content.problems import Problem
from course.drafts.check import read_draft
from course.drafts.folder import Folder, course_slugs, read_folder
from course.drafts.site_folder import read_site_folder
from course.errors import DayletterError
from course.lint.draft import Draft
from course.lint.web_pages import ask_all, web_links
from course.settings import lessons_folder
from mailer.preview.mail_rules import check_draft

SITE = "(site)"
"""Stands where others have a course's name: the files beside the folders of courses."""


@click.command()
@click.argument("course", required=False)
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
@click.option("--links", is_flag=True, help="Ask the web pages that the course links to as well.")
def lint(course: str | None, as_json: bool, links: bool) -> None:
    """Check the drafts of one course, or of all: needs nothing but the files.

    docs/lint.md explains each finding, and how to switch a rule off for a course.
    """
    found = [(folder.slug, _findings(folder, links)) for folder in folders(course)]
    if course is None and (of_site := read_site_folder(lessons_folder())).texts:
        found.append((SITE, of_site.problems))
    if as_json:
        click.echo(json.dumps([_as_json(slug, problem) for slug, problems in found for problem in problems]))
    else:
        for slug, problems in found:
            tell(slug, problems)
    if any(problem.level == "error" for _, problems in found for problem in problems):
        sys.exit(1)


def _findings(folder: Folder, links: bool) -> Sequence[Problem]:
    problems = check_draft(folder).problems
    return sorted((*problems, *_of_web_pages(read_draft(folder)))) if links else problems


def _of_web_pages(draft: Draft) -> list[Problem]:
    answers = track(
        ask_all(draft), "asking", total=len(web_links(draft)), console=Console(stderr=True), transient=True
    )
    return [problem for problems in answers for problem in problems if problem.code not in draft.course.unchecked]


def folders(course: str | None) -> list[Folder]:
    """The draft of one course, or of all."""
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
        "message": str(problem.message),
        "explained": f"docs/lint.md#{problem.code.lower()}",
    }


def placed(slug: str, problem: Problem) -> str:
    """The finding, with its file's path as a terminal can open it."""
    return f"{lessons_folder() / slug if slug != SITE else lessons_folder()}/{problem}"


def tell(slug: str, problems: Sequence[Problem]) -> None:
    for problem in problems:
        click.echo(placed(slug, problem))
    errors = sum(problem.level == "error" for problem in problems)
    click.echo(f"{slug}: {errors} errors, {len(problems) - errors} warnings")
