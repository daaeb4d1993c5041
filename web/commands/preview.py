"""A mail of a draft, as it would be sent: needs nothing but the files."""

import re

import click

from course.clock import Clock
from course.content.course import Course
from course.content.frontmatter import nearest
from course.content.mails import LESSON_MAILS, MAILS
from course.drafts.folder import digest_of, read_folder
from course.errors import NotFound
from course.language.catalogues import words_in
from course.settings import lessons_folder
from mailer.compose.compose import compile_mail
from mailer.compose.message import Template
from mailer.preview.mail_rules import check_draft
from mailer.preview.sample_mail import specimen
from mailer.preview.sample_site import sample_site
from web.commands.authoring import placed


@click.command()
@click.argument("mail", metavar="COURSE/LESSON")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "eml"]),
    default="text",
    show_default=True,
    help="Its two parts one by one, or the whole mail as it is sent.",
)
def preview(mail: str, form: str) -> None:
    """The mail of a lesson (its slug, its file or its day) or a fixed one (welcome, finished ...)."""
    slug, _, wanted = mail.partition("/")
    template, language = _template(slug, wanted)
    found = specimen(template, words_in(language), Clock().now())
    click.echo({"eml": found.raw, "text": found.text, "html": found.html}[form], nl=False)


def _template(slug: str, wanted: str) -> tuple[Template, str]:
    """Return the template of a mail of the draft, and the language of its course."""
    folder = read_folder(lessons_folder(), slug)
    parsed = check_draft(folder)
    for problem in parsed.errors:
        click.echo(placed(slug, problem), err=True)
    site = sample_site(lambda path: digest_of(file) if (file := folder.file_for_mails(path)) else "missing")
    lesson = _lesson(parsed.course, wanted)
    if lesson:
        return compile_mail(site, "lesson", parsed.course, lesson, tracked=True), parsed.course.language
    for kind in MAILS:
        if kind == wanted and kind not in LESSON_MAILS:
            return compile_mail(site, kind, parsed.course, tracked=True), parsed.course.language
    known = [lesson.slug for lesson in parsed.course.lessons] + sorted(MAILS.keys() - {*LESSON_MAILS})
    raise NotFound(f"There is no mail `{wanted}` in {slug}; {nearest(wanted, known)}.")


def _lesson(course: Course, wanted: str) -> str:
    """The slug of the lesson that is meant, or nothing."""
    slug = re.sub(r"^\d+-|\.md$", "", wanted)
    by_day = {str(day): lesson.slug for day, lesson in enumerate(course.lessons, 1)}
    return by_day.get(wanted) or next(
        (lesson.slug for lesson in course.lessons if lesson.slug in (wanted, slug)), ""
    )
