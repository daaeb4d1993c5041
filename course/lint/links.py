"""Rules for where links lead."""

from collections.abc import Iterator
from posixpath import normpath
from urllib.parse import unquote

from course.content.films import plays
from course.content.frontmatter import nearest
from course.content.markup.addresses import is_safe
from course.content.parse import ARTICLE_PATH, LESSON_PATH
from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page
from course.media.kinds import role_of


def unsafe_links(draft: Draft) -> Iterator[Problem]:
    for page, number, address in _addresses(draft):
        if not is_safe(address):
            message = Phrase(
                "`%(address)s` is not a link that may be followed; use https, http or mailto.",
                {"address": address},
            )
            yield Problem(page.path, number, "DL201", message)


def links_to_nowhere(draft: Draft) -> Iterator[Problem]:
    for page, number, address in _addresses(draft):
        target = page.target(address)
        if target is None or target.startswith("media/") or _leads_out(target) or plays(address, ""):
            continue
        if not _is_there(target, draft) or (LESSON_PATH.fullmatch(target) and page.path == "course.md"):
            hint = _instead(target, draft)
            message = Phrase("`%(address)s` leads nowhere; %(hint)s.", {"address": address, "hint": hint})
            yield Problem(page.path, number, "DL202", message)


def headings_that_are_not_there(draft: Draft) -> Iterator[Problem]:
    for page, number, address in _addresses(draft):
        path, _, part = address.partition("#")
        target = page.target(path) if path else page.path
        if not part or target is None or target not in draft.pages:
            continue
        names = draft.pages[target].headings
        if unquote(part).lower() not in names:
            hint = nearest(part, names) if names else Phrase("there are no headings")
            message = Phrase("There is no heading `#%(part)s`; %(hint)s.", {"part": part, "hint": hint})
            yield Problem(page.path, number, "DL212", message)


def links_to_lessons_to_come(draft: Draft) -> Iterator[Problem]:
    days = {page.path: day for day, (page, _) in enumerate(draft.lessons, 1)}
    for page, number, address in _addresses(draft):
        target = page.target(address)
        if target in days and page.path in days and days[target] > days[page.path]:
            message = Phrase(
                "`%(address)s` is a lesson that has not come yet by then; link to earlier ones.",
                {"address": address},
            )
            yield Problem(page.path, number, "DL213", message)


def _instead(target: str, draft: Draft) -> Phrase:
    """What to write in place of a path that leads nowhere."""
    if role_of(target):
        name = target.rpartition("/")[2]
        return Phrase("pictures and files lie in `media/`: write `%(path)s`", {"path": f"media/{name}"})
    known = [f"articles/{slug}.md" for slug in draft.course.articles]
    return nearest(target, known) if known else Phrase("articles are `articles/<slug>.md`")


def _is_there(target: str, draft: Draft) -> bool:
    if article := ARTICLE_PATH.fullmatch(target):
        return article[1] in draft.course.articles
    return bool(LESSON_PATH.fullmatch(target)) and target in draft.pages


def paths_out_of_the_course(draft: Draft) -> Iterator[Problem]:
    for page, number, address in _addresses(draft):
        target = page.target(address)
        if target is not None and _leads_out(target):
            message = Phrase(
                "`%(address)s` leads out of the course; write a path within it, such as `media/map.png`.",
                {"address": address},
            )
            yield Problem(page.path, number, "DL203", message)


def links_without_encryption(draft: Draft) -> Iterator[Problem]:
    for page, number, address in _addresses(draft):
        if address.lower().startswith("http:"):
            message = Phrase(
                "`%(address)s` can be read and changed on its way; write https, if the site has it.",
                {"address": address},
            )
            yield Problem(page.path, number, "DL205", message)


def articles_nobody_links(draft: Draft) -> Iterator[Problem]:
    linked = {page.target(address) for page, _, address in _addresses(draft)}
    for page, slug in draft.articles:
        if page.path not in linked:
            message = Phrase(
                "No lesson links to this article; write `[Title](articles/%(slug)s.md)` in one of them.",
                {"slug": slug},
            )
            yield Problem(page.path, 1, "DL206", message)


def _addresses(draft: Draft) -> Iterator[tuple[Page, int, str]]:
    return ((page, number, address) for page in draft.pages.values() for number, address in page.addresses)


def _leads_out(target: str) -> bool:
    return target.startswith("/") or normpath(target).startswith("..")
