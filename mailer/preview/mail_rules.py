"""Rules for a course's mails. `check` asks them and those for its files: for commands, studio and publishing."""

import re
from collections.abc import Iterator
from importlib import import_module

from course.content.course import Lesson
from course.content.parse import Parsed
from course.content.problems import Problem
from course.drafts.check import check_files
from course.drafts.folder import Folder
from course.language.catalogues import is_spoken
from course.language.words import Phrase
from course.lint import RULES, Rule
from course.lint.draft import Draft, Page
from mailer.compose.compose import compile_mail, html_bytes
from mailer.preview.sample_site import sample_site

MOST_MAIL_BYTES = 90_000
FRAME_BYTES = 10_000
SIGN_BYTES = 300
SIGN = re.compile(r"\n+|[|*_`\[\]<>&\"'#]")
SITE = sample_site()


def big_mails(draft: Draft) -> Iterator[Problem]:
    for page, lesson in draft.lessons:
        # Compiling takes most of lint's time, and most mails are far from too big.
        size = mail_bytes(draft, lesson) if bytes_at_most(draft, page, lesson) > MOST_MAIL_BYTES else 0
        if size > MOST_MAIL_BYTES:
            message = Phrase(
                "This mail has %(size)s KB, and Gmail cuts off at 102; move a part into an article.",
                {"size": size // 1000},
            )
            yield Problem(page.path, 1, "DL401", message)


def mail_bytes(draft: Draft, lesson: Lesson) -> int:
    return html_bytes(compile_mail(SITE, "lesson", draft.course, lesson.slug, tracked=True))


def bytes_at_most(draft: Draft, page: Page, lesson: Lesson) -> int:
    """No mail of these words is bigger: each sign that can mean markup is taken to mean the longest."""
    course = draft.course
    linked = [course.articles[slug] for slug in lesson.articles if slug in course.articles]
    following = course.after(lesson.slug)
    said = [page.text, course.title * 4, following.title if following else ""]
    words = "\n".join((*said, *(f"{article.title}\n{article.summary}" for article in linked)))
    return FRAME_BYTES + 2 * len(words.encode()) + SIGN_BYTES * len(SIGN.findall(words))


def untranslated_language(draft: Draft) -> Iterator[Problem]:
    if not is_spoken(draft.course.language):
        message = Phrase(
            "Dayletter does not speak `%(language)s` yet; the words around yours will be English.",
            {"language": draft.course.language},
        )
        page = draft.pages.get("course.md")
        yield Problem("course.md", page.line_of("language") if page else 1, "DL402", message)


def title_not_on_paper(draft: Draft) -> Iterator[Problem]:
    title, page = draft.course.title, draft.pages.get("course.md")
    if page is None or title.isascii():
        return
    # What reads the fonts takes long to load, and few titles need it.
    missing = import_module("course.certificates.letters").missing_letters(title)
    if missing:
        message = Phrase(
            "The PDF certificate has no letters for %(letters)s; in place of the title it will say where it is.",
            {"letters": missing},
        )
        yield Problem("course.md", page.line_of("title"), "DL403", message)


MAIL_RULES: tuple[Rule, ...] = (big_mails, untranslated_language, title_not_on_paper)


def check_draft(folder: Folder) -> Parsed:
    """The draft parsed, with every finding that there is."""
    return check_files(folder, (*RULES, *MAIL_RULES))
