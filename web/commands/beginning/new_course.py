"""A new course, as an example or from a text of another program. What reads those takes long to load, and no other
command waits for it."""

from pathlib import Path

import click

from course.drafts.bring_over import bring_over
from course.drafts.starter import lay_out
from course.settings import lessons_folder
from web.commands.authoring import placed


@click.command()
@click.argument("course")
@click.option("--title", help="As readers see it.  [default: the file's, or from the name]")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE",
    help="A text from elsewhere: .docx, .html, .md, or a Notion export (.zip, or its folder).",
)
def new(course: str, title: str | None, source: Path | None) -> None:
    """Lay out the folder of a new course, with an example lesson that shows how to write one."""
    if source:
        folder, lost = bring_over(lessons_folder(), course, title or "", source)
        for problem in lost:
            click.echo(placed(course, problem))
    else:
        folder = lay_out(lessons_folder(), course, title or course.replace("-", " ").capitalize())
    click.echo(f"{folder} is laid out. Begin with course.md, then look at the first lesson:")
    click.echo(f"  dayletter preview {course}/1")
    click.echo(f"  dayletter lint {course}")
