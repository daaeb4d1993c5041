"""A course folder on the desk: what its files say now, or would say with a text that is still being written."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from course.content.parse import Parsed, parse_course
from course.content.problems import Problem
from course.drafts.folder import Folder, course_slugs, digest_of, read_folder
from course.errors import NotFound
from course.language.words import Phrase
from mailer.compose.compose import Site
from mailer.compose.targets import media_path
from mailer.preview.draft_view import DraftView, draft_view, medium_shown, unseen
from mailer.preview.mail_rules import check_draft
from mailer.preview.sample_site import sample_link
from web.request import current_runtime
from web.studio.writing.apart import MOST_SECONDS, TooMuch, apart

ALL_TEXTS = "*.md"
"""The place of a finding that belongs to all of them together."""


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

        own = current_runtime().site_with(partial(medium_shown, self.url, self.folder.media))
        return replace(own, sign_link=sample_link)

    def sending_site(self) -> Site:
        """Return the site of test mails that leave: their pictures are at public addresses, which work once
        published."""
        base_url = current_runtime().settings.base_url

        def media_url(path: str) -> str:
            file = self.folder.file_for_mails(path)
            return f"{base_url}{media_path(digest_of(file) if file else 'missing', file.name if file else path)}"

        return current_runtime().site_with(media_url)


def open_desk(slug: str) -> Desk:
    """Raises NotFound."""
    lessons_dir = current_runtime().settings.lessons_dir
    if slug not in course_slugs(lessons_dir):
        raise NotFound(Phrase("There is no course `%(course)s` in the folder of courses.", {"course": slug}))
    return Desk(slug, lessons_dir / slug, read_folder(lessons_dir, slug))


def view_of(desk: Desk, path: str) -> DraftView:
    """What is to be seen of a file; a finding where it takes too much to look at."""
    try:
        return apart.do(draft_view, desk.folder, desk.url, path, desk.site(), current_runtime().clock.now())
    except TooMuch:
        return unseen(_too_much(path))


def parse(desk: Desk) -> Parsed:
    """The draft with every finding that there is; an empty course with one finding where it takes too much."""
    try:
        return apart.do(check_draft, desk.folder)
    except TooMuch:
        return Parsed(parse_course(desk.slug, {}).course, (_too_much(ALL_TEXTS),))


def _too_much(path: str) -> Problem:
    message = Phrase(
        "Reading this draft takes over %(seconds)s seconds or too much memory, so it is not shown. Look in its"
        " longest texts for what repeats thousands of times, such as signs of emphasis, brackets or tables, and"
        " part them. Nothing is lost.",
        {"seconds": MOST_SECONDS},
    )
    return Problem(path, 1, "DL013", message)
