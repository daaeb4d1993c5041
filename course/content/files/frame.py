"""Where a file's front matter begins and ends, also where its lines of dashes are not quite right."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.language.words import Phrase

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\s*", flags=re.S | re.M)
"""As it should be. What follows it is the body, without the blank lines at its start."""

ABOVE = re.compile(r"\ufeff?((?:[ \t\xa0\u200b]*\n|<!--.*?-->[ \t]*\n?)*)", flags=re.S)
DASHES = r"-{2,}|[-—–]*[—–][-—–]*|\+{3}|;{3}|={3,}|\*{3,}"
OPENING = re.compile(rf"[ \t\xa0]*({DASHES}|(?:`{{3}}|~{{3}})ya?ml)[ \t\xa0\u200b]*(?:\n|\Z)")
CLOSING = re.compile(rf"^({DASHES}|\.{{3,}}|…|`{{3}}|~{{3}})[ \t\xa0\u200b]*$\n?", flags=re.M)
FIELD = re.compile(
    r"(?P<indent>[ \t]*)(?P<name>[A-Za-z_][\w-]*|\"[\w-]+\"|'[\w-]+')(?P<sign>[ \t\xa0]*[:：=][ \t\xa0]*)"
)
"""The beginning of a line that is a field, or is meant to be one."""

OPENING_FIELDS = re.compile(r"(?:title|subject|preheader|tagline|summary)[ \t]*:", flags=re.I)
INNER_LINE = re.compile(r"[ \t]+\S|#|-[ \t]|[\]}]")
PROSE_BELOW = re.compile(rf"\n[ \t]*\n(?=[^\s#\]}}-])(?!{FIELD.pattern})")
"""A text that begins below an empty line: the next line of dashes is a rule in it."""
Told = tuple[int, Phrase]
"""A line of the file, from 1, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`source` is what stands between the lines of dashes, from line `first_line` of the file on; the body begins
    at the offset `end`. `problems` are those of the lines of dashes."""

    source: str
    first_line: int
    end: int
    problems: tuple[Told, ...] = ()


def frame_of(text: str) -> Frame | None:
    """Find the front matter at the beginning of a text; None where there is none, nor anything meant as one."""
    above = ABOVE.match(text)
    opened = OPENING.match(text, above.end() if above else 0)
    if opened is None:
        return _without_opening(text)
    lead, begin = text[: opened.start()].removeprefix("\ufeff"), opened.end()
    right = not lead and opened[0].rstrip(" \t\n") == "---"
    if not right and not FIELD.match(text, begin):
        return None
    first_line = text.count("\n", 0, begin) + 1
    problems = [*_wrong_above(lead), *_wrong_fence(first_line - 1, opened[0])]
    closed = CLOSING.search(text, begin)
    if closed is None:
        return _unclosed(text, begin, tuple(problems)) if right else None
    source = text[begin : closed.start()]
    if right and FIELD.match(source) and PROSE_BELOW.search(source):
        return _unclosed(text, begin, tuple(problems))
    line = first_line + source.count("\n")
    return Frame(source, first_line, _body(text, closed.end()), (*problems, *_wrong_fence(line, closed[0])))


def matter_of(text: str) -> str:
    """Return the front matter with its lines of dashes, up to where the body begins; empty where there is none."""
    frame = frame_of(text)
    return text[: frame.end] if frame else ""


def _without_opening(text: str) -> Frame | None:
    closed = CLOSING.search(text)
    if closed is None or not OPENING_FIELDS.match(text) or "\n\n" in text[: closed.start()]:
        return None
    message = Phrase("The front matter lacks its first line; write `---` above this one.")
    return Frame(text[: closed.start()], 1, _body(text, closed.end()), ((1, message),))


def _unclosed(text: str, begin: int, problems: tuple[Told, ...]) -> Frame:
    """The fields up to the first line that is none."""
    end = begin
    for line in text[begin:].split("\n"):
        if not (FIELD.match(line) or (end > begin and INNER_LINE.match(line))):
            break
        end += len(line) + 1
    end = min(end, len(text))
    if end == begin:
        message = Phrase("The front matter is not closed; write `---` on a line below it.")
        return Frame("", 2, 0, (*problems, (1, message)))
    last = text.count("\n", 0, end - 1) + 1
    message = Phrase(
        "The front matter is not closed; write `---` on a new line below line %(line)s.", {"line": last}
    )
    return Frame(text[begin:end], 2, _body(text, end), (*problems, (1, message)))


def _wrong_above(lead: str) -> Iterator[Told]:
    if "<!--" in lead:
        yield (
            lead.count("\n", 0, lead.index("<!--")) + 1,
            Phrase("Front matter begins on the first line of a file; move this comment below it, or take it out."),
        )
    elif lead:
        yield 1, Phrase("Front matter begins on the first line of a file; take out the empty lines above it.")


def _wrong_fence(line: int, written: str) -> Iterator[Told]:
    mark = written.rstrip(" \t\n")
    if mark != "---":
        yield (
            line,
            Phrase(
                "Front matter stands between two lines of three hyphens; write `---` instead of `%(mark)s`.",
                {"mark": mark.strip()[:20]},
            ),
        )


def _body(text: str, start: int) -> int:
    return start + len(text[start:]) - len(text[start:].lstrip())
