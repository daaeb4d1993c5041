"""Rules for the Markdown of a page."""

import re
from collections.abc import Iterator

from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page

TAG = re.compile(r"(?<!\\)<(?:/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>|!--|!doctype\b)", re.I)
HEADING = re.compile(r" {0,3}(#{1,6})\s+\S")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
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
    before = ""
    for number, line in page.lines:
        underline = UNDERLINE.fullmatch(line)
        if found := HEADING.match(line):
            yield number, len(found[1])
        elif underline and before.strip() and not re.match(r"\s*[-*+>|#]", before):
            yield number - 1, 1 if underline[1].startswith("=") else 2
        before = line


def pictures_without_words(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in page.lines:
            if number not in page.alone and WORDLESS_PICTURE.search(line):
                message = Phrase(
                    "Say what this picture shows, between the square brackets, for those who do not see it."
                )
                yield Problem(page.path, number, "DL210", message)
