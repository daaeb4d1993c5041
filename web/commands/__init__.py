"""The `dayletter` command. A wrong setting or a broken lesson is told in words, never in a traceback."""

import sys

import click

from course.errors import DayletterError
from web.commands.authoring import lint
from web.commands.learners import enrol, erase, export
from web.commands.operating import clock, hold, migrate, plan, release, stats, work
from web.commands.preview import preview
from web.commands.publishing import publish
from web.commands.rehearse import rehearse
from web.commands.up import up


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dayletter")
def dayletter() -> None:
    """Courses by e-mail: one good lesson a day, at each learner's own hour."""


for command in (
    *(up, migrate, lint, preview, rehearse, publish, enrol, export, erase),
    *(stats, plan, work, clock, hold, release),
):
    dayletter.add_command(command)


def main() -> None:
    try:
        dayletter()
    except DayletterError as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
