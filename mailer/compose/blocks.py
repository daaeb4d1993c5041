"""A lesson's blocks as a mail shows them. Each kind has its layouts, `blocks/<kind>.html` and `.txt`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from typing import ClassVar

from markupsafe import Markup

from course.addresses.marks import one_line
from course.content.course import Article, Audio, Checklist, ChecklistItem, Course, Download, Lesson, Prose, Video
from course.content.markup.html import links, to_html, to_inline_html
from course.content.markup.references import References
from course.content.markup.structure import code_lines, structure
from course.content.plain_text import plain_text
from course.content.slugs import SLUG
from course.content.typesetting.style import Style
from course.language.words import Words
from course.media.kinds import ending_of
from mailer.compose.targets import Targets

ARTICLE_LINE = re.compile(rf"\[[^\]]+\]\((?:\.\./)?articles/({SLUG.pattern})\.md(?:#\S*)?\)\s*")
PICTURE_WIDTH = 534
"""For Word, which knows no `max-width`; everywhere else the style sheet's `width: auto` counts."""
ADDRESS = re.compile(r'(<(?:a|img)\b[^>]*?\b)(href|src)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Passage:
    kind: ClassVar[str] = "passage"
    html: Markup
    text: str


@dataclass(frozen=True, slots=True)
class Watching:
    """`poster` is empty for videos of other sites."""

    kind: ClassVar[str] = "watching"
    title: str
    duration: str
    length: str
    poster: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Listening:
    kind: ClassVar[str] = "listening"
    title: str
    duration: str
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Saving:
    """A document; `ending` is that of its name in capitals, such as `PDF`."""

    kind: ClassVar[str] = "saving"
    title: str
    ending: str
    address: str


@dataclass(frozen=True, slots=True)
class Reading:
    kind: ClassVar[str] = "reading"
    title: str
    summary: str
    minutes: int
    link: str
    address: str


@dataclass(frozen=True, slots=True)
class Item:
    """`text` is its words in one line and `more` what follows them, as plain text; `words` are for screen readers;
    `depth` is how many items it stands within."""

    html: Markup
    text: str
    more: str
    words: str
    depth: int


@dataclass(frozen=True, slots=True)
class Doing:
    kind: ClassVar[str] = "doing"
    items: tuple[Item, ...]
    link: str
    address: str


Shown = Passage | Watching | Listening | Saving | Reading | Doing


def shown(course: Course, lesson: Lesson, targets: Targets, words: Words, style: Style) -> tuple[Shown, ...]:
    """The lesson's blocks in order. An article linked on a line of its own becomes a card there; one linked only
    within a sentence gets its card after that stretch of text."""
    carded = {slug for block in lesson.blocks if isinstance(block, Prose) for _, slug in _pieces(block.markdown)}
    found: list[Shown] = []
    for block in lesson.blocks:
        match block:
            case Prose():
                found.extend(_prose(course, block, targets, carded, style))
            case Video():
                found.append(_video(block, lesson, targets, words))
            case Audio():
                link, address = targets.counted_page(lesson.slug), targets.page(lesson.slug)
                found.append(Listening(block.title, block.duration, link, address))
            case Download():
                found.append(_download(block, targets))
            case Checklist():
                found.append(_checklist(block, lesson, targets, style))
    return tuple(found)


def passage(markdown: str, targets: Targets, style: Style, references: References | None = None) -> Passage:
    clean = to_html(markdown, style=style, references=references)
    html = Markup(_addressed(clean, targets))  # noqa: S704 - cleaned by markup
    return Passage(html, _text(clean, targets).strip("\n"))


def _prose(course: Course, prose: Prose, targets: Targets, carded: set[str], style: Style) -> Iterator[Shown]:
    for text, slug in _pieces(prose.markdown):
        if text.strip():
            yield passage(text, targets, style, prose.references)
        if slug in course.articles:
            yield _card(course.articles[slug], targets)
    for address in links(prose.markdown, prose.references):
        found = re.fullmatch(r"(?:\.\./)?articles/(.+)\.md", address.partition("#")[0])
        if found and found[1] in course.articles and found[1] not in carded:
            carded.add(found[1])
            yield _card(course.articles[found[1]], targets)


def _pieces(markdown: str) -> list[tuple[str, str]]:
    """Stretches of text, each with the slug of the article whose card follows it, or an empty one."""
    pieces: list[tuple[str, str]] = []
    lines: list[str] = []
    code = code_lines(structure(markdown))
    around = ["", *markdown.split("\n"), ""]
    for number, (before, line, after) in enumerate(zip(around, around[1:], around[2:], strict=False)):
        found = ARTICLE_LINE.fullmatch(line)
        if found and number not in code and not before.strip() and not after.strip():
            pieces.append(("\n".join(lines), found[1]))
            lines = []
        else:
            lines.append(line)
    return [*pieces, ("\n".join(lines), "")]


def _video(video: Video, lesson: Lesson, targets: Targets, words: Words) -> Watching:
    return Watching(
        title=video.title,
        duration=video.duration,
        length=words.length(video.seconds),
        poster=targets.media_url(video.poster) if video.own else "",
        link=targets.counted_page(lesson.slug),
        address=targets.page(lesson.slug),
    )


def _download(download: Download, targets: Targets) -> Saving:
    ending = ending_of(download.path).removeprefix(".").upper()
    return Saving(download.title, ending, targets.media_url(download.path))


def _card(article: Article, targets: Targets) -> Reading:
    path = f"articles/{article.slug}"
    link, address = targets.counted_page(path), targets.page(path)
    return Reading(article.title, article.summary, article.minutes, link, address)


def _checklist(checklist: Checklist, lesson: Lesson, targets: Targets, style: Style) -> Doing:
    items = tuple(_item(item, targets, style) for item in checklist.items)
    return Doing(items, targets.counted_page(lesson.slug), targets.page(lesson.slug))


def _item(item: ChecklistItem, targets: Targets, style: Style) -> Item:
    clean = to_inline_html(item.markdown, style=style, references=item.references)
    more = to_html(item.more, style=style, references=item.references) if item.more else ""
    words = unescape(re.sub(r"<[^>]*>", "", _addressed(clean, targets)))
    html = Markup(_addressed(clean + more, targets))  # noqa: S704 - cleaned by markup
    return Item(html, one_line(_text(clean, targets)), _text(more, targets).rstrip(), words, item.depth)


def _text(clean: str, targets: Targets) -> str:
    """In plain text addresses stand to be read: nothing of them is counted."""
    return plain_text(ADDRESS.sub(lambda found: _with(found, targets.direct(unescape(found[3]))), clean))


def _addressed(clean: str, targets: Targets) -> str:
    """HTML with its links counted and its pictures' addresses made whole."""

    def address(found: re.Match[str]) -> str:
        written = unescape(found[3])
        return _with(found, targets.counted(written) if found[2] == "href" else targets.direct(written))

    return ADDRESS.sub(address, clean).replace("<img ", f'<img width="{PICTURE_WIDTH}" ')


def _with(found: re.Match[str], reached: str) -> str:
    return f'{found[1]}{found[2]}="{escape(reached)}"'
