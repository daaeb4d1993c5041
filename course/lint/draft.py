"""What the rules look at: a draft's parsed course, its pages line by line, and what its media are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from course.content import markup
from course.content.blocks import video_in
from course.content.course import Course, Lesson, Video
from course.content.files.frame import matter_of
from course.content.files.names import is_beside
from course.content.parse import ARTICLE_PATH, LESSON_PATH, parse_course
from course.content.problems import Problem

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
LIST_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)]) ")
ADDRESS = re.compile(r"(?:\]\(|^ {0,3}\[(?!\^)[^\]]+\]:)\s*<?([^)\s>]*)")

Line = tuple[int, str]
"""Its number in the file, from 1, and its words."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """`kind` is what the first bytes say (`jpg`, `mp4` ..., or nothing); `seconds` what a film says."""

    size: int
    kind: str
    seconds: float | None = None


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: str
    text: str

    @cached_property
    def matter(self) -> str:
        return matter_of(self.text)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The body's lines without any code: no rule minds what is shown as it stands."""
        body = self.text[len(self.matter) :].split("\n")
        first = self.matter.count("\n") + 1
        hidden = markup.fenced_lines("\n".join(body)) | _indented_code(body)
        return tuple(
            (first + at, "" if at in hidden else CODE_SPAN.sub(lambda span: " " * len(span[0]), line))
            for at, line in enumerate(body)
        )

    @cached_property
    def videos(self) -> tuple[tuple[int, Video], ...]:
        found = ((number, video_in(line)) for number, line in self.lines)
        return tuple((number, video) for number, video in found if video is not None)

    @cached_property
    def addresses(self) -> tuple[Line, ...]:
        """Every address that is linked to or shown, as the author wrote it."""
        return tuple((number, address) for number, line in self.lines for address in ADDRESS.findall(line))

    def line_of(self, field: str) -> int:
        """Where a field of the front matter stands; the first line if it does not."""
        found = re.search(rf"^{field}\s*:", self.matter, flags=re.M)
        return self.matter.count("\n", 0, found.start()) + 1 if found else 1

    def target(self, address: str) -> str | None:
        """The file that is meant, from the course's folder; None for an address elsewhere or on the same page.

        `articles/a.md` means the course's folder wherever it is written; `../` leads there from a folder in it.
        """
        path = address.partition("#")[0].partition("?")[0]
        if SCHEME.match(address) or (address and not path):
            return None
        return path.removeprefix("../") if "/" in self.path else path


def _indented_code(body: list[str]) -> set[int]:
    """Lines of code blocks by indentation: after a blank line, and not within a list."""
    code: set[int] = set()
    in_list, before = False, ""
    for at, line in enumerate(body):
        indented = line.startswith(("    ", "\t"))
        if indented and not in_list and (not before.strip() or at - 1 in code):
            code.add(at)
        elif line.strip() and not indented:
            in_list = bool(LIST_ITEM.match(line)) or (in_list and line.startswith(" "))
        before = line
    return code


@dataclass(frozen=True)
class Draft:
    """`problems` are those of reading and parsing the files."""

    course: Course
    pages: Mapping[str, Page]
    media: Mapping[str, MediaFile]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def lessons(self) -> tuple[tuple[Page, Lesson], ...]:
        """Each with its file, in the order of the course."""
        pages: dict[str, Page] = {}
        for path in sorted(self.pages):
            if found := LESSON_PATH.fullmatch(path):
                pages.setdefault(found[2], self.pages[path])
        return tuple((pages[lesson.slug], lesson) for lesson in self.course.lessons)

    @property
    def articles(self) -> Iterator[tuple[Page, str]]:
        """Each article's page and slug."""
        for path, page in self.pages.items():
            if found := ARTICLE_PATH.fullmatch(path):
                yield page, found[1]


def draft_of(
    slug: str, texts: Mapping[str, str], media: Mapping[str, MediaFile], problems: tuple[Problem, ...] = ()
) -> Draft:
    """`problems` are those of reading the files; those of parsing them join in."""
    parsed = parse_course(slug, texts)
    pages = {path: Page(path, text) for path, text in texts.items() if not is_beside(path)}
    return Draft(parsed.course, pages, media, (*problems, *parsed.problems))
