"""A course folder on the desk: what its files say now, or would say with a text that is still being written."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from course.content.files.frame import matter_of
from course.content.markup.html import to_html
from course.content.parse import LESSON_PATH, Parsed
from course.content.problems import Problem
from course.content.typesetting.style import Style
from course.drafts.check import check_files
from course.drafts.folder import Folder, course_slugs, digest_of, read_folder
from course.errors import NotFound
from course.language.catalogues import words_in
from course.language.words import Phrase
from course.media.mail_copies import shown_in_mails
from course.media.paths import path_meant
from mailer.compose.compose import Site
from mailer.compose.targets import media_path
from mailer.preview.mail_rules import MOST_MAIL_BYTES, check_draft
from mailer.preview.sample_mail import Specimen, specimen, template_of
from mailer.preview.sample_site import SIGNER
from web.request import current_runtime


@dataclass(frozen=True, slots=True)
class Desk:
    slug: str
    root: Path
    folder: Folder

    @property
    def url(self) -> str:
        return f"/studio/courses/{self.slug}"

    def with_text(self, path: str, text: str) -> "Desk":
        """Return the desk as if this text were in the file already."""
        problems = tuple(problem for problem in self.folder.problems if problem.path != path)
        folder = replace(self.folder, texts={**self.folder.texts, path: text}, problems=problems)
        return replace(self, folder=folder)

    def site(self) -> Site:
        """Return the site of mails as they are looked at here: with the draft's own pictures, and links that open
        nothing."""

        def media_url(path: str) -> str:
            return f"{self.url}/{quote(shown_in_mails(path, self.folder.media))}"

        own = current_runtime().site_with(media_url)
        return replace(own, sign_link=SIGNER.link)

    def sending_site(self) -> Site:
        """Return the site of test mails that leave: their pictures are at public addresses, which work once
        published."""
        base_url = current_runtime().settings.base_url

        def media_url(path: str) -> str:
            file = self.folder.file_for_mails(path)
            return f"{base_url}{media_path(digest_of(file) if file else 'missing', file.name if file else path)}"

        return current_runtime().site_with(media_url)


@dataclass(frozen=True, slots=True)
class DraftView:
    """All there is to see of one file: its `mail` if it becomes one, else its text as a `page`.

    `minutes` is None for what is no lesson.
    """

    findings: tuple[Problem, ...]
    mail: Specimen | None
    page: Markup
    language: str
    minutes: int | None
    shares: tuple[int, int, int]
    """Minutes of reading, watching, doing."""


UNSEEN = DraftView((), None, Markup(), "en", None, (0, 0, 0))


def open_desk(slug: str) -> Desk:
    """Raises NotFound."""
    lessons_dir = current_runtime().settings.lessons_dir
    if slug not in course_slugs(lessons_dir):
        raise NotFound(Phrase("There is no course `%(course)s` in the folder of courses.", {"course": slug}))
    return Desk(slug, lessons_dir / slug, read_folder(lessons_dir, slug))


def view_of(desk: Desk, path: str) -> DraftView:
    parsed = check_files(desk.folder)
    template = template_of(desk.site(), parsed.course, path)
    mail = (
        specimen(template, words_in(parsed.course.language), current_runtime().clock.now()) if template else None
    )
    # The rules for mails compile them all, too slow for each pause in typing; they are asked where they may bite.
    problems = (
        check_draft(desk.folder).problems if mail is None or mail.size > MOST_MAIL_BYTES else parsed.problems
    )
    found = LESSON_PATH.fullmatch(path)
    lesson = parsed.course.lesson(found[2]) if found else None
    effort = parsed.course.effort(lesson) if lesson else None
    return DraftView(
        findings=tuple(problem for problem in problems if problem.path == path),
        mail=mail,
        page=Markup() if mail else _page(desk, path, parsed.course.style("as written")),
        language=parsed.course.language,
        minutes=effort.minutes if effort else None,
        shares=effort.shares if effort else (0, 0, 0),
    )


def _page(desk: Desk, path: str, style: Style) -> Markup:
    """The words of an article, or of the course's page, with the draft's own pictures."""

    def address(written: str) -> str:
        medium = path_meant(written)
        return f"{desk.url}/{quote(medium)}" if medium else "#"

    text = desk.folder.texts.get(path, "")
    body = text.removeprefix(matter_of(text))
    return Markup(to_html(body, address, style))  # noqa: S704 - made safe by to_html


def parse(desk: Desk) -> Parsed:
    return check_draft(desk.folder)
