"""Films, recordings and documents in the lines of a lesson: those that stand alone become players and cards."""

import re
from collections.abc import Collection, Iterator, Sequence

from course.content.course import Audio, Download, Recording, Video
from course.language.words import Phrase
from course.media.durations import no_duration, seconds_written
from course.media.kinds import MEDIA_TYPES, ending_of, role_of
from course.media.paths import path_meant
from course.media.players import ELSEWHERE, site_of

WORDS = r"((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)"
ADDRESS = r"(?:<([^<>\n]*)>|((?:[^()\s<>]|\([^()\s]*\))+))"
TITLE = r"""(?:\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|\(((?:[^()\\]|\\.)*)\)))?"""
IMAGE = re.compile(rf"!\[{WORDS}\]\(\s*{ADDRESS}{TITLE}\s*\)")
LINK = re.compile(rf"\[{WORDS}\]\(\s*{ADDRESS}{TITLE}\s*\)")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

Standing = Video | Audio | Download


def standing(lines: Sequence[str], hidden: Collection[int]) -> dict[int, Standing]:
    """Return what stands on a line of its own, by the line's number from 0. `hidden` lines are code."""
    found: dict[int, Standing] = {}
    for number, line in enumerate(lines):
        if number in hidden or not line.startswith(("!", "[")):
            continue
        if recording := recording_in(line):
            found[number] = recording
        elif _alone(lines, number) and (download := download_in(line)):
            found[number] = download
    return found


def _alone(lines: Sequence[str], number: int) -> bool:
    around = (*lines[max(0, number - 1) : number], *lines[number + 1 : number + 2])
    return not any(line.strip() for line in around)


def recording_in(line: str) -> Video | Audio | None:
    """Return the film or recording on a line of its own; its seconds are 0 where the line does not say them."""
    found = IMAGE.fullmatch(line.rstrip())
    if found is None:
        return None
    title, address, said = parts_of(found)
    seconds = seconds_written(said)
    role = plays(address, said)
    if role is None:
        return None
    kind = Audio if role == "sound" else Video
    return kind(title, address, seconds or 0)


def download_in(line: str) -> Download | None:
    """Return the document that a line links to, if it does nothing else."""
    found = LINK.fullmatch(line.rstrip())
    if found is None:
        return None
    title, address, _ = parts_of(found)
    path = path_meant(address)
    return Download(title, address) if path and title and role_of(path) == "document" else None


def parts_of(found: re.Match[str]) -> tuple[str, str, str]:
    """Return the words, the address and the title of a picture or link that one of the patterns has found."""
    words, pointed, plain, *titles = found.groups()
    title = next((title for title in titles if title), "")
    return _unescaped(words).strip(), _unescaped(pointed or plain or ""), _unescaped(title)


def _unescaped(text: str) -> str:
    return ESCAPED.sub(r"\1", text)


def plays(address: str, said: str) -> str | None:
    """Return what an image's address plays, `film` or `sound`; None if it shows a picture, or nothing.

    No picture has a duration in place of its title: what has one, and does not end like a picture, is a film on a
    site that we do not know.
    """
    file = address.partition("?")[0].partition("#")[0]
    role = role_of(file)
    if role in ("film", "sound"):
        return role
    if site := site_of(address):
        return "sound" if site.plays_sound else "film"
    unknown = ending_of(file) not in MEDIA_TYPES
    return "film" if ELSEWHERE.match(address) and unknown and seconds_written(said) else None


def wrong_with(line: str, recording: Recording) -> Iterator[tuple[str, Phrase]]:
    """Yield the codes and words of what a film or recording on a line of its own lacks."""
    found = IMAGE.fullmatch(line.rstrip())
    if not recording.seconds:
        yield "DL301", no_duration(parts_of(found)[2] if found else "")
    if not recording.title:
        yield "DL302", Phrase("A film or recording needs a title between the square brackets.")
    if path_meant(recording.source) or ELSEWHERE.match(recording.source):
        return
    if site_of(recording.source):
        whole = "https://" + recording.source.removeprefix("//")
        yield (
            "DL304",
            Phrase("Write the whole address, with https:// before it: `%(address)s`.", {"address": whole}),
        )
    else:
        message = Phrase(
            "A film or recording is a file in `media/`, or an address that begins with https://: `%(address)s` is"
            " neither.",
            {"address": recording.source},
        )
        yield "DL304", message
