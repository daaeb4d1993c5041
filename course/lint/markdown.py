"""Rules for the Markdown of a page."""

import re
from collections.abc import Iterator

from course.content.markup.references import mentioned, normal, references_of
from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page

TAG = re.compile(r"(?<!\\)<(?:/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>|!--|!doctype\b)", re.I)
WORDLESS_PICTURE = re.compile(r"!\[\s*\](?=[(\[])")


def raw_html(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in page.lines:
            if found := TAG.search(line):
                message = Phrase(
                    "`%(tag)s` will be shown as it stands; write Markdown, or `\\%(tag)s` to show it.",
                    {"tag": found[0]},
                )
                yield Problem(page.path, number, "DL207", message)


def headings_out_of_order(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        above = 1  # the page's title
        for number, level in _headings(page):
            if level == 1:
                message = Phrase(
                    "This is a second title; the page has one from its front matter. Begin with `##`."
                )
                yield Problem(page.path, number, "DL208", message)
            elif level > above + 1:
                message = Phrase(
                    "A heading of level %(level)s stands below one of level %(above)s; write %(marks)s.",
                    {"level": level, "above": above, "marks": "#" * (above + 1)},
                )
                yield Problem(page.path, number, "DL208", message)
            above = max(level, 1)


def _headings(page: Page) -> Iterator[tuple[int, int]]:
    """The line and level of each."""
    return ((page.first + node.first, node.number) for node in page.document.walk() if node.kind == "heading")


def code_without_end(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for node in page.document.walk():
            if node.kind == "fence" and not node.closed:
                message = Phrase(
                    "The code that begins here has no end; write `%(fence)s` below it.", {"fence": node.mark}
                )
                yield Problem(page.path, page.first + node.first, "DL211", message)


def footnotes_alone(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        notes = {normal(node.mark): node for node in page.document.children if node.kind == "note"}
        known = references_of(page.document).notes if notes else {}
        for label in notes.keys() - known.keys():
            message = Phrase(
                "Nothing mentions this footnote; write `[^%(label)s]` where it belongs.", {"label": label}
            )
            yield Problem(page.path, page.first + notes[label].first, "DL214", message)
        for number, line in page.lines:
            for label in mentioned(line):
                if label not in notes:
                    message = Phrase(
                        "There is no footnote `%(label)s`; write `[^%(label)s]: …` below.", {"label": label}
                    )
                    yield Problem(page.path, number, "DL214", message)


def pictures_without_words(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in page.lines:
            if number not in page.alone and WORDLESS_PICTURE.search(line):
                message = Phrase(
                    "Say what this picture shows, between the square brackets, for those who do not see it."
                )
                yield Problem(page.path, number, "DL210", message)
