"""All there is to see of one file of a draft: its mail or its page, its findings, its minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from course.content.bounds import too_much
from course.content.files.frame import matter_of
from course.content.markup.html import to_html
from course.content.parse import LESSON_PATH
from course.content.problems import Problem
from course.content.typesetting.style import Style
from course.drafts.check import check_files
from course.drafts.folder import Folder
from course.language.catalogues import words_in
from course.media.mail_copies import shown_in_mails
from course.media.paths import path_meant
from mailer.compose.compose import Site
from mailer.preview.mail_rules import MOST_MAIL_BYTES, check_draft
from mailer.preview.sample_mail import Specimen, specimen, template_of


@dataclass(frozen=True, slots=True)
class DraftView:
    """A file's `mail` if it becomes one, else its text as a `page`. `minutes` is None for what is no lesson."""

    findings: tuple[Problem, ...]
    mail: Specimen | None
    page: Markup
    language: str
    minutes: int | None
    shares: tuple[int, int, int]
    """Minutes of reading, watching, doing."""


def unseen(*findings: Problem) -> DraftView:
    """What is there to see of a text that could not be looked at."""
    return DraftView(findings, None, Markup(), "en", None, (0, 0, 0))


def draft_view(folder: Folder, url: str, path: str, site: Site, now: datetime) -> DraftView:
    """`url` is where the draft's own media are; `site` has the addresses in its mails; `now` dates them."""
    parsed = check_files(folder)
    template = template_of(site, parsed.course, path)
    mail = specimen(template, words_in(parsed.course.language), now) if template else None
    # The rules for mails compile them all, too slow for each pause in typing; they are asked where they may bite.
    problems = check_draft(folder).problems if mail is None or mail.size > MOST_MAIL_BYTES else parsed.problems
    found = LESSON_PATH.fullmatch(path)
    lesson = parsed.course.lesson(found[2]) if found else None
    effort = parsed.course.effort(lesson) if lesson else None
    return DraftView(
        findings=tuple(problem for problem in problems if problem.path == path),
        mail=mail,
        page=Markup() if mail else _page(folder, url, path, parsed.course.style("as written")),
        language=parsed.course.language,
        minutes=effort.minutes if effort else None,
        shares=effort.shares if effort else (0, 0, 0),
    )


def medium_shown(url: str, media: Mapping[str, Path], path: str) -> str:
    """Return where a mail that is looked at here shows a draft's own medium."""
    return f"{url}/{quote(shown_in_mails(path, media))}"


def _page(folder: Folder, url: str, path: str, style: Style) -> Markup:
    """The words of an article, or of the course's page, with the draft's own pictures."""

    def address(written: str) -> str:
        medium = path_meant(written)
        return f"{url}/{quote(medium)}" if medium else "#"

    text = folder.texts.get(path, "")
    body = "" if too_much(text) else text.removeprefix(matter_of(text))
    return Markup(to_html(body, address, style))  # noqa: S704 - made safe by to_html
