"""Rules for the front matter's lines and for slots."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from math import floor

from course.content.colour import ENOUGH, LIGHT, contrast, darkened
from course.content.files.foreign_fields import OURS
from course.content.frontmatter import nearest
from course.content.parse import ARTICLE_PATH, LESSON_PATH, MAIL_PATH
from course.content.problems import Problem
from course.content.typesetting.names import NAME
from course.language.words import Phrase
from course.lint.draft import Draft, Page

SLOT = re.compile(r"\{\{([^{}]*)\}\}")
SLOTS = ("name",)
BRACES = re.compile(r"(?<!\{)(\{++)\s*+(\w++)\s*+(\}++)")
LONGEST_SUBJECT = 60
LONGEST_PREHEADER = 110
WORTH_HAVING = {
    "tagline": Phrase("it stands under the title of the landing page"),
    "summary": Phrase("it says what the course, or the article, is about before anybody opens it"),
    "author": Phrase("people ask who writes to them"),
    "language": Phrase("screen readers go by it, and so do the words around your own"),
    "subject": Phrase("without it, the title stands in the inbox"),
    "preheader": Phrase("inboxes show it beside the subject"),
}


def unknown_slots(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in _everything(page):
            for found in SLOT.finditer(line):
                slot = found[1].strip()
                if slot not in SLOTS and not NAME.fullmatch(found[0]):
                    message = Phrase(
                        "`{{ %(slot)s }}` is not a known slot; %(hint)s.",
                        {"slot": slot, "hint": nearest(slot, SLOTS)},
                    )
                    yield Problem(page.path, number, "DL105", message)


def misspelt_slots(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in _everything(page):
            for found in BRACES.finditer(line):
                braces, word = (len(found[1]), len(found[3])), found[2].casefold()
                if braces != (2, 2) and get_close_matches(word, SLOTS, n=1):
                    message = Phrase(
                        "`%(text)s` will be read as it stands; a slot is `{{ name }}`.", {"text": found[0]}
                    )
                    yield Problem(page.path, number, "DL106", message)


def _everything(page: Page) -> Iterator[tuple[int, str]]:
    yield from enumerate(page.matter.split("\n"), 1)
    yield from page.lines


def fields_worth_having(draft: Draft) -> Iterator[Problem]:
    for path, page in draft.pages.items():
        for name in _worth_having(path):
            if page.matter and not re.search(
                rf"^(?:{_names(name)})[ \t]*[:=：][ \t]*\S", page.matter, flags=re.M | re.I
            ):
                message = Phrase("`%(field)s` is missing: %(why)s.", {"field": name, "why": WORTH_HAVING[name]})
                yield Problem(path, page.line_of(name), "DL107", message)


def _names(field: str) -> str:
    """The field's own name, and what other programs call it: that is told already."""
    return "|".join([field, *(theirs for theirs, ours in OURS.items() if field in ours)])


def _worth_having(path: str) -> tuple[str, ...]:
    if path == "course.md":
        return ("tagline", "summary", "author", "language")
    if LESSON_PATH.fullmatch(path):
        return ("subject", "preheader")
    return ("summary",) if ARTICLE_PATH.fullmatch(path) else ()


def long_subjects(draft: Draft) -> Iterator[Problem]:
    for page, subject, _ in _inbox_lines(draft):
        if len(subject) > LONGEST_SUBJECT:
            message = Phrase(
                "The subject has %(length)s characters; phones show some 40, inboxes %(most)s.",
                {"length": len(subject), "most": LONGEST_SUBJECT},
            )
            yield Problem(page.path, page.line_of("subject"), "DL108", message)


def long_preheaders(draft: Draft) -> Iterator[Problem]:
    for page, _, preheader in _inbox_lines(draft):
        if len(preheader) > LONGEST_PREHEADER:
            message = Phrase(
                "The preheader has %(length)s characters; inboxes show %(most)s at most.",
                {"length": len(preheader), "most": LONGEST_PREHEADER},
            )
            yield Problem(page.path, page.line_of("preheader"), "DL109", message)


def faint_accent(draft: Draft) -> Iterator[Problem]:
    accent, page = draft.course.accent, draft.pages.get("course.md")
    if page and accent and (tone := darkened(accent)) != accent:
        message = Phrase(
            "`accent: %(accent)s` has a contrast of %(card)s with white and of %(page)s with the page, where text"
            " needs %(enough)s. The nearest darker tone that has it is shown in its place; write"
            ' `accent: "%(tone)s"`.',
            {
                "accent": accent,
                "card": _figure(accent, LIGHT.card),
                "page": _figure(accent, LIGHT.page),
                "enough": ENOUGH,
                "tone": tone,
            },
        )
        yield Problem(page.path, page.line_of("accent"), "DL110", message)


def _figure(accent: str, ground: str) -> float:
    """Rounded down: what does not suffice must not look as if it did."""
    return floor(contrast(accent, ground) * 100) / 100


def _inbox_lines(draft: Draft) -> Iterator[tuple[Page, str, str]]:
    for page, lesson in draft.lessons:
        yield page, lesson.subject, lesson.preheader
    for path, page in draft.pages.items():
        if found := MAIL_PATH.fullmatch(path):
            wording = draft.course.wordings[found[1]]
            yield page, wording.subject, wording.preheader
