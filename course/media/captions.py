"""Captions as browsers read them: WebVTT, https://www.w3.org/TR/webvtt1/, read by the parser of webvtt-py."""

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

import webvtt
from webvtt.errors import MalformedCaptionError

from course.language.words import Phrase
from course.media.durations import spelt

ARROW = "-->"
SIGNATURE = "WEBVTT"
COMMA_TIME = re.compile(r"\d\d:\d\d,\d")
LINE_END = re.compile(r"\r\n|\n|\r")
MOST_TOLD = 20
"""Who has made more mistakes of one kind saves the file anew."""

MOST_ONE_BY_ONE = 5_000
"""Captions of a faulty file that are looked at: a film of some hours."""

PAST_THE_END = 1.5
"""Seconds by which a caption may outlast its film: films are cut, and captions rounded."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: the line that says when, and when, in seconds."""

    line: int
    begin: float
    end: float


@dataclass(frozen=True, slots=True)
class Captions:
    """What browsers read, and what they do not, each with its line from 1."""

    cues: tuple[Cue, ...]
    unread: tuple[tuple[int, Phrase], ...]


@lru_cache(maxsize=64)
def read_captions(data: bytes) -> Captions:
    """Read a file of captions as browsers do, and note each line at which they would miss something. Kept, since
    a course is read again and again while one text of it is written."""
    data = data.removeprefix(BOM_UTF8)
    text = data.decode("utf-8", "replace")
    lines = LINE_END.split(text)
    if not re.match(rf"{SIGNATURE}(?:[ \t]|$)", lines[0]):
        return Captions((), ((1, _no_signature(text)),))
    crowded = [*islice(_crowded(lines), MOST_TOLD)]
    cues, unread = _all_cues(text, lines) if not crowded else None, [*_not_utf8(data), *crowded]
    if cues is None:
        cues, not_cues = _cues_one_by_one(lines)
        unread += not_cues
    if not cues and not unread:
        unread.append((1, Phrase("There are no captions in this file.")))
    return Captions(tuple(cues), tuple(sorted(unread, key=lambda found: found[0])))


def misplaced(cues: tuple[Cue, ...], seconds: float | None) -> Iterator[tuple[int, Phrase]]:
    """Tell which captions do not fit a film that lasts so long, in seconds; None where it does not say."""
    for before, cue in pairwise((None, *cues)):
        if cue is None:
            continue
        if cue.end <= cue.begin:
            yield cue.line, Phrase("This caption ends before it begins, so it is never shown.")
        elif seconds is not None and cue.end > seconds + PAST_THE_END:
            yield (
                cue.line,
                Phrase(
                    "This caption lasts until %(end)s, and the film only until %(film)s: are they of one film?",
                    {"end": spelt(round(cue.end)), "film": spelt(round(seconds))},
                ),
            )
        elif before is not None and cue.begin < before.begin:
            yield cue.line, Phrase("This caption begins before the one above it; put them in the film's order.")


def _all_cues(text: str, lines: list[str]) -> list[Cue] | None:
    """All captions of a file without a fault; None where there is one, or the parser sees other captions."""
    timed = [number for number, line in enumerate(lines, 1) if ARROW in line]
    try:
        read = webvtt.from_string(text, strict=True).captions
    except MalformedCaptionError:
        return None
    if len(read) != len(timed):
        return None
    return [_cue(number, caption) for number, caption in zip(timed, read, strict=True)]


def _cues_one_by_one(lines: list[str]) -> tuple[list[Cue], list[tuple[int, Phrase]]]:
    """The captions that are read, and those that are not, up to the last that is told."""
    cues: list[Cue] = []
    unread: list[tuple[int, Phrase]] = []
    for first, block in _blocks(lines):
        timed = next((number for number, line in enumerate(block, first) if ARROW in line), None)
        if timed is None:
            continue
        try:
            read = webvtt.from_string(f"{SIGNATURE}\n\n" + "\n".join(block) + "\n", strict=True).captions
        except MalformedCaptionError:
            read = []
        if read:
            cues.append(_cue(timed, read[0]))
        else:
            unread.append((timed, _not_a_time(block[timed - first])))
        if len(unread) >= MOST_TOLD or len(cues) >= MOST_ONE_BY_ONE:
            break
    return cues, unread


def _cue(line: int, caption: webvtt.Caption) -> Cue:
    return Cue(line, _seconds(caption.start), _seconds(caption.end))


def _no_signature(text: str) -> Phrase:
    if COMMA_TIME.search(text):
        return Phrase(
            "These captions are SRT, which no browser reads. Save them as WebVTT: `WEBVTT` and an empty line at"
            " the top, and `00:00:01.000` with a point where SRT has a comma."
        )
    return Phrase("Captions begin with a line `WEBVTT`, then an empty line; without it no browser reads them.")


def _not_utf8(data: bytes) -> Iterator[tuple[int, Phrase]]:
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        before = data[: problem.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        yield before.count(b"\n") + 1, Phrase("This line is not UTF-8 text; save the file as UTF-8.")


def _crowded(lines: list[str]) -> Iterator[tuple[int, Phrase]]:
    """Captions without an empty line before them: what stands there is taken for words of the one above."""
    for first, block in _paragraphs(lines):
        timed = [number for number, line in enumerate(block, first) if ARROW in line]
        own = 0 if first > 1 else -1  # the block of the signature has no caption of its own
        for number in timed[own + 1 :]:
            yield number, Phrase("A caption needs an empty line before it.")


def _paragraphs(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield stretches of lines without an empty one between them, each with the number of its first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield blocks as browsers part them: a time in the middle of a stretch of lines begins a new one."""
    for start, stretch in _paragraphs(lines):
        first, block = start, list[str]()
        for number, line in enumerate(stretch, start):
            own_time = not block or (len(block) == 1 and ARROW not in block[0] and first > 1)
            if ARROW in line and not own_time:
                yield first, block
                first, block = number, []
            block.append(line)
        yield first, block


def _not_a_time(line: str) -> Phrase:
    if "," in line and COMMA_TIME.search(line):
        return Phrase("Write a point, not a comma, before the thousandths of a second: `00:00:01.000`.")
    return Phrase("This is no time that browsers read; write `00:00:01.000 --> 00:00:04.000`.")


def _seconds(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
