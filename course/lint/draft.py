"""What the rules look at: a draft's parsed course, its pages line by line, and what its media are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from course.content.blocks import standing
from course.content.bounds import too_much
from course.content.course import Course, Lesson, Recording
from course.content.files.frame import matter_of
from course.content.files.names import is_beside
from course.content.films import Standing
from course.content.markup.anchors import heading_names
from course.content.markup.nodes import Node
from course.content.markup.structure import code_lines, lines_of, structure
from course.content.parse import ARTICLE_PATH, LESSON_PATH, parse_course
from course.content.problems import Problem
from course.media.kinds import Role, role_of
from course.media.paths import find, path_meant

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
ADDRESS = re.compile(r"(?:\]\(|^ {0,3}\[(?!\^)[^\]]+\]:)\s*<?((?<=<)[^<>\n]*(?=>)|(?:[^()\s<>]|\([^()\s<>]*\))*)")
"""With signs of any kind between `<` and `>`; with brackets in pairs, as in `plan (1).pdf`, also without."""

Line = tuple[int, str]
"""Its number in the file, from 1, and its words."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """`kind` is what the first bytes say (`jpg`, `mp4` ..., or nothing); `seconds` what a film or recording says.

    `data` are the bytes of captions, of other files nothing; `opens` is whether a picture can be opened.
    """

    size: int
    kind: str
    seconds: float | None = None
    data: bytes = b""
    opens: bool = True


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: str
    text: str

    @cached_property
    def matter(self) -> str:
        return matter_of(self.text)

    @property
    def body(self) -> str:
        return self.text[len(self.matter) :]

    @property
    def first(self) -> int:
        """The number of the body's first line."""
        return self.matter.count("\n") + 1

    @cached_property
    def document(self) -> Node:
        """The body's blocks; their lines are counted from 0."""
        return structure(self.body)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The body's lines without any code: no rule minds what is shown as it stands."""
        code = code_lines(self.document)
        return tuple(
            (self.first + at, "" if at in code else CODE_SPAN.sub(lambda span: " " * len(span[0]), line))
            for at, line in enumerate(lines_of(self.body))
        )

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """Under which names its headings can be linked to."""
        return heading_names(self.document)

    @cached_property
    def alone(self) -> Mapping[int, Standing]:
        """The films, recordings and documents on lines of their own, by line; only lessons have any."""
        if not LESSON_PATH.fullmatch(self.path):
            return {}
        return {self.first + at: shown for at, shown in standing(self.document, lines_of(self.body)).items()}

    @property
    def recordings(self) -> Iterator[tuple[int, Recording]]:
        return ((number, shown) for number, shown in self.alone.items() if isinstance(shown, Recording))

    @cached_property
    def addresses(self) -> tuple[Line, ...]:
        """Every address that is linked to or shown, as the author wrote it."""
        return tuple((number, address) for number, line in self.lines for address in ADDRESS.findall(line))

    def line_of(self, field: str) -> int:
        """Where a field of the front matter stands; the first line if it does not."""
        found = re.search(rf"^{field}\s*:", self.matter, flags=re.M)
        return self.matter.count("\n", 0, found.start()) + 1 if found else 1

    def target(self, address: str) -> str | None:
        """The file that is meant, from the course's folder; None for an address elsewhere or on the same page. A
        medium's path is as `path_meant` reads it.

        `articles/a.md` means the course's folder wherever it is written; `../` leads there from a folder in it.
        """
        path = address.partition("#")[0].partition("?")[0]
        if SCHEME.match(address) or (address and not path):
            return None
        if medium := path_meant(address):
            return medium
        return path.removeprefix("../") if "/" in self.path else path


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

    def find(self, path: str) -> str | None:
        """Return the medium that a path means, as its file is called; None if there is none."""
        return find(path, self.media)

    def media_that_are(self, role: Role) -> Iterator[tuple[str, MediaFile]]:
        """Yield the media of one role, each with its path."""
        return ((path, file) for path, file in self.media.items() if role_of(path) == role)

    @property
    def articles(self) -> Iterator[tuple[Page, str]]:
        """Each article's page and slug."""
        for path, page in self.pages.items():
            if found := ARTICLE_PATH.fullmatch(path):
                yield page, found[1]


def draft_of(
    slug: str, texts: Mapping[str, str], media: Mapping[str, MediaFile], problems: tuple[Problem, ...] = ()
) -> Draft:
    """`problems` are those of reading the files; those of parsing them join in. A text that holds too much is not
    read at all."""
    unread = {path: why for path, text in texts.items() if (why := too_much(text))}
    texts = {path: text for path, text in texts.items() if path not in unread}
    parsed = parse_course(slug, texts)
    pages = {path: Page(path, text) for path, text in texts.items() if not is_beside(path)}
    too_big = (Problem(path, 1, "DL006", why) for path, why in unread.items())
    return Draft(parsed.course, pages, media, (*problems, *too_big, *parsed.problems))
