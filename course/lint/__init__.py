"""The rules of a course: each a pure function from a draft to its findings, under a code of its own."""

import re
from collections.abc import Callable, Iterable, Iterator

from course.content.problems import CODES, Problem
from course.language.words import Phrase
from course.lint import captions, films, lessons, links, markdown, media, nameless, words
from course.lint.draft import Draft

Rule = Callable[[Draft], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    *(lessons.minutes, lessons.checklists, lessons.former_names),
    *(words.unknown_slots, words.misspelt_slots, words.fields_worth_having),
    *(words.long_subjects, words.long_preheaders, words.faint_accent),
    nameless.sentences_that_need_a_name,
    *(links.unsafe_links, links.links_to_nowhere, links.paths_out_of_the_course),
    *(links.links_without_encryption, links.articles_nobody_links),
    *(links.headings_that_are_not_there, links.links_to_lessons_to_come),
    *(markdown.code_without_end, markdown.footnotes_alone),
    *(markdown.raw_html, markdown.headings_out_of_order, markdown.pictures_without_words),
    *(media.missing_files, media.spaces_in_addresses, media.big_pictures, media.unused_files),
    *(media.false_files, media.drawings),
    *(films.pictures_that_are_none, films.films_only_linked, films.wrong_durations),
    *(captions.videos_without_poster, captions.videos_without_captions, captions.unread, captions.misfits),
)


def lint(draft: Draft, rules: Iterable[Rule] = RULES) -> tuple[Problem, ...]:
    """Every finding, in order and once, without those of rules that the course has switched off with a reason."""
    unchecked = {code for code, why in draft.course.unchecked.items() if why and _may_be_off(code)}
    found = {*draft.problems, *(problem for rule in rules for problem in rule(draft))}
    kept = (problem for problem in found if problem.code not in unchecked)
    return tuple(sorted((*kept, *_switched_off(draft))))


def _may_be_off(code: str) -> bool:
    return code in CODES and not CODES[code].fixed


def _switched_off(draft: Draft) -> Iterator[Problem]:
    for code, why in draft.course.unchecked.items():
        if code not in CODES:
            message = Phrase("`%(code)s` is not a rule; docs/lint.md has them all.", {"code": code})
        elif CODES[code].fixed:
            message = Phrase(
                "%(code)s cannot be switched off: without it there is no course to publish.", {"code": code}
            )
        elif not why:
            message = Phrase(
                "Say why %(code)s is switched off, such as `%(code)s: the talk is long on purpose`.",
                {"code": code},
            )
        else:
            continue
        yield Problem("course.md", _line_of(code, draft), "DL010", message)


def _line_of(code: str, draft: Draft) -> int:
    page = draft.pages.get("course.md")
    if page is None:
        return 1
    own = page.line_of(rf"[ \t]+{re.escape(code)}")
    return own if own > 1 else page.line_of("lint")
