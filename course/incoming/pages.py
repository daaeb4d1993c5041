"""One long text as the lessons that it consists of: by its headings, or by lines such as `Day 1`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from course.content.markup.structure import code_lines, structure
from course.incoming.losses import MARK

HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*")
BOLD_LINE = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)")
DAY = re.compile(
    r"(?:day|lesson|week|module|session|part|chapter|unit|mail|e-?mail|step"
    r"|tag|lektion|woche|teil|kapitel|modul|einheit|schritt"
    r"|d[ií]a|lecci[oó]n|semana|m[oó]dulo|parte|cap[ií]tulo|sesi[oó]n"
    r"|jour|le[cç]on|semaine|partie|chapitre|s[eé]ance|[eé]tape"
    r"|dia|li[cç][aã]o|aula|sess[aã]o)[ \xa0]*#?\d{1,3}\b.{0,120}",
    flags=re.I,
)


@dataclass(frozen=True, slots=True)
class Page:
    """`text` begins below the title. An empty title is one that nobody gave."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Pages:
    """`title` and `landing` are the whole course's, where the text has them."""

    title: str
    landing: str
    lessons: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class _Heading:
    line: int
    level: int
    words: str


def pages_in(markdown: str) -> Pages:
    """Split where several first headings, or several days, begin; else it is one lesson."""
    lines = markdown.split("\n")
    headings = tuple(_headings(markdown, lines))
    firsts = [heading for heading in headings if heading.level == 1]
    if len(firsts) > 1 and not _has_words(lines, firsts[0].line + 1, firsts[1].line):
        return _split(lines, firsts[1:], firsts[0])
    if len(firsts) > 1:
        return _split(lines, firsts, None)
    days = [heading for heading in headings if DAY.fullmatch(heading.words)]
    if len(days) > 1:
        above = firsts[0] if firsts and firsts[0].line < days[0].line else None
        return _split(lines, days, above)
    first = next((heading for heading in headings if heading.level < 7), None)
    if first is None or _has_words(lines, 0, first.line):
        return Pages("", "", (Page("", levelled(markdown)),))
    rest = "\n".join(lines[first.line + 1 :])
    marks = _marks(lines[first.line])
    return Pages("", "", (Page(first.words, marks + levelled(rest)),))


def _split(lines: Sequence[str], starts: Sequence[_Heading], title: _Heading | None) -> Pages:
    ends = [*(start.line for start in starts[1:]), len(lines)]
    lessons = tuple(
        Page(start.words, _marks(lines[start.line]) + levelled("\n".join(lines[start.line + 1 : end])))
        for start, end in zip(starts, ends, strict=True)
    )
    above = [line for at, line in enumerate(lines[: starts[0].line]) if title is None or at != title.line]
    return Pages(title.words if title else "", levelled("\n".join(above)), lessons)


def levelled(text: str) -> str:
    """The text with headings that begin at the second level and never skip one: its title is the first."""
    lines = text.strip("\n").split("\n")
    open_levels: list[int] = []
    for heading in _headings(text.strip("\n"), lines):
        if heading.level < 7:
            while open_levels and open_levels[-1] >= heading.level:
                open_levels.pop()
            open_levels.append(heading.level)
            signs = "#" * min(len(open_levels) + 1, 6)
            lines[heading.line] = f"{signs} {lines[heading.line].lstrip('#').strip()}"
    return "\n".join(lines) + "\n"


def _headings(markdown: str, lines: Sequence[str]) -> Iterator[_Heading]:
    """Those of `#` signs; a bold line that names a day counts as one of level 7."""
    hidden = code_lines(structure(markdown))
    for at, line in enumerate(lines):
        plain = MARK.sub("", line).strip()
        if at in hidden:
            continue
        if found := HEADING.fullmatch(plain):
            yield _Heading(at, len(found[1]), _words(found[2]))
        elif (bold := BOLD_LINE.fullmatch(plain)) and DAY.fullmatch(bold[1].strip()):
            yield _Heading(at, 7, _words(bold[1]))


def _words(heading: str) -> str:
    """As a title has them: without signs of Markdown."""
    plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", re.sub(r"(?<!\\)(?:\*\*|\*|`|~~)", "", plain)).strip()


def _marks(line: str) -> str:
    return "".join(found[0] for found in MARK.finditer(line))


def _has_words(lines: Sequence[str], start: int, end: int) -> bool:
    return any(MARK.sub("", line).strip() for line in lines[start:end])
