"""Rules for films and recordings: that they play where their author meant them to, and last as long as is said."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from course.content.course import Recording, Video
from course.content.films import ADDRESS, IMAGE, TITLE, WORDS, parts_of, plays
from course.content.parse import LESSON_PATH
from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page
from course.media.durations import seconds_meant, spelt
from course.media.kinds import role_of
from course.media.paths import path_meant

SECONDS_OFF = 1.5
SOME_DURATION = "4:30"
THUMBNAIL = re.compile(rf"\[!\[{WORDS}\]\([^()\n]*\)\]\(\s*{ADDRESS}{TITLE}\s*\)")
BARE = re.compile(r"\s*<?(https?://[^\s<>]+)>?\s*", re.I)
DEFINITION = re.compile(rf" {{0,3}}\[([^\]]+)\]:\s*{ADDRESS}{TITLE}\s*")
REFERENCE = re.compile(rf"!\[{WORDS}\](?:\[([^\]]*)\])?(?!\()")


def pictures_that_are_none(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        text = "\n".join(line for _, line in page.lines)
        begins = [0, *accumulate(len(line) + 1 for _, line in page.lines)]
        for at, message in (*_images(page, text, begins), *_thumbnails(page, text), *_references(page, text)):
            yield Problem(page.path, page.lines[_line_at(begins, at)][0], "DL311", message)


def films_only_linked(draft: Draft) -> Iterator[Problem]:
    for page, _ in draft.lessons:
        for number, line in page.lines:
            found = BARE.fullmatch(line)
            if found and plays(found[1], ""):
                message = Phrase(
                    "This film will be a link. For a player, and its minutes counted, write"
                    ' `![Title](%(address)s "%(duration)s")`, with its duration.',
                    {"address": found[1], "duration": SOME_DURATION},
                )
                yield Problem(page.path, number, "DL312", message)


def wrong_durations(draft: Draft) -> Iterator[Problem]:
    for page, number, recording in own_recordings(draft):
        path = draft.find(recording.path)
        file = draft.media[path] if path else None
        if not (recording.seconds and file and file.seconds is not None):
            continue
        if abs(file.seconds - recording.seconds) > SECONDS_OFF:
            values = {"said": recording.duration, "real": spelt(round(file.seconds))}
            message = (
                Phrase('The video is said to last %(said)s, and lasts %(real)s; write "%(real)s".', values)
                if isinstance(recording, Video)
                else Phrase(
                    'The recording is said to last %(said)s, and lasts %(real)s; write "%(real)s".', values
                )
            )
            yield Problem(page.path, number, "DL307", message)


def own_recordings(draft: Draft) -> Iterator[tuple[Page, int, Recording]]:
    """Yield the films and recordings in `media/`, with their pages and lines."""
    for page in draft.pages.values():
        for number, recording in page.recordings:
            if path_meant(recording.source):
                yield page, number, recording


def own_videos(draft: Draft) -> Iterator[tuple[Page, int, Video]]:
    return ((page, number, video) for page, number, video in own_recordings(draft) if isinstance(video, Video))


def _images(page: Page, text: str, begins: list[int]) -> Iterator[tuple[int, Phrase]]:
    for found in IMAGE.finditer(text):
        title, address, said = parts_of(found)
        number = page.lines[_line_at(begins, found.start())][0]
        if number not in page.alone and (wrong := _no_picture(page, title, address, said)):
            yield found.start(), wrong


def _thumbnails(page: Page, text: str) -> Iterator[tuple[int, Phrase]]:
    """Small pictures that link to films: the best one can do, but for lessons, where films play."""
    for found in THUMBNAIL.finditer(text) if LESSON_PATH.fullmatch(page.path) else ():
        title, address, said = parts_of(found)
        if plays(address, said):
            message = Phrase(
                "A picture that links to a film makes no player; write `%(instead)s` on a line of its own.",
                {"instead": _written(title, address, said)},
            )
            yield found.start(), message


def _references(page: Page, text: str) -> Iterator[tuple[int, Phrase]]:
    """Pictures whose address stands elsewhere on the page, `![Title][talk]`."""
    defined = {
        _label(found[1]): found for _, line in page.lines if (found := DEFINITION.fullmatch(line)) is not None
    }
    for found in REFERENCE.finditer(text) if defined else ():
        definition = defined.get(_label(found[2] or found[1]))
        if definition:
            _, address, said = parts_of(definition)
            if wrong := _no_picture(page, found[1], address, said):
                yield found.start(), wrong


def _label(text: str) -> str:
    return " ".join(text.casefold().split())


def _no_picture(page: Page, title: str, address: str, said: str) -> Phrase | None:
    """Say what an image that shows no picture should be; None if it may show one."""
    path = path_meant(address)
    if path and role_of(path) in ("document", "captions"):
        return Phrase(
            "`%(file)s` is no picture; link to it: `[%(title)s](%(address)s)`.",
            {"file": path, "title": title, "address": address},
        )
    if not plays(address, said):
        return None
    if not LESSON_PATH.fullmatch(page.path):
        return Phrase(
            "Films and recordings play in lessons only; link to it here: `[%(title)s](%(address)s)`.",
            {"title": title, "address": address},
        )
    return Phrase(
        "This film makes no player here. Write `%(instead)s` on a line of its own, without anything before or"
        " behind it.",
        {"instead": _written(title, address, said)},
    )


def _written(title: str, address: str, said: str) -> str:
    """A film as it makes a player, with a duration to correct where none was given."""
    meant = seconds_meant(said)
    duration = said if ":" in said else spelt(meant) if meant else SOME_DURATION
    return f'![{title}]({address} "{duration}")'


def _line_at(begins: list[int], at: int) -> int:
    """The index of the line in which a place in the text lies."""
    return bisect_right(begins, at) - 1
