"""A lesson's body -> its blocks: prose, videos and checklists."""

import re
from collections import Counter
from hashlib import sha256

from course.content import markup
from course.content.course import Block, Checklist, ChecklistItem, Prose, Video
from course.content.problems import Problem
from course.language.words import Phrase

VIDEO_LINE = re.compile(r'!\[([^\]]*)\]\(\s*(\S+?)(?:\s+"([^"]*)")?\s*\)\s*')
ITEM_LINE = re.compile(r"\s{0,3}[-*+] \[[ xX]\] (.*\S)\s*")
DURATION = re.compile(r"(\d{1,3}):([0-5]\d)")
VIDEO_FILE = re.compile(r"\.(mp4|webm)$")
VIDEO_SITE = re.compile(
    r"https://(?:(?:www|m)\.)?(?:youtube\.com/|youtu\.be/|youtube-nocookie\.com/|vimeo\.com/|player\.vimeo\.com/)"
)


def parse_blocks(path: str, body: str, first_line: int) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Splits a body at its video lines and checklists; code fences are left alone."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    prose: list[str] = []
    items: list[str] = []
    seen: Counter[str] = Counter()
    fences = markup.fenced_lines(body)
    before = ""

    def close() -> None:
        if "".join(prose).strip():
            blocks.append(Prose("\n".join(prose).strip("\n") + "\n"))
        if items:
            blocks.append(_checklist(items, seen))
        prose.clear()
        items.clear()

    for number, line in enumerate(body.split("\n"), first_line):
        fenced = number - first_line in fences
        if not fenced and (found := ITEM_LINE.fullmatch(line)):
            if not items:
                close()
            items.append(found[1])
        elif items and before.strip() and line.strip() and line.startswith((" ", "\t")):
            items[-1] += f" {line.strip()}"  # an item that goes on, indented, on the next line
        elif not fenced and (video := video_in(line)):
            close()
            blocks.append(video)
            problems.extend(Problem(path, number, code, message) for code, message in _wrong_with(video))
        elif items and not line.strip():
            continue
        else:
            if items:
                close()
            prose.append(line)
        before = line
    close()
    return tuple(blocks), tuple(problems)


def video_in(line: str) -> Video | None:
    """The video on a line of its own; its seconds are 0 where the line does not say them."""
    found = VIDEO_LINE.fullmatch(line)
    if found is None or not (VIDEO_FILE.search(found[2]) or VIDEO_SITE.match(found[2])):
        return None
    duration = DURATION.fullmatch(found[3] or "")
    return Video(found[1].strip(), found[2], int(duration[1]) * 60 + int(duration[2]) if duration else 0)


def _wrong_with(video: Video) -> list[tuple[str, Phrase]]:
    problems: list[tuple[str, Phrase]] = []
    if not video.seconds:
        problems.append(
            ("DL301", Phrase('A video needs its duration, such as `![Title](media/talk.mp4 "4:30")`.'))
        )
    if not video.title:
        problems.append(("DL302", Phrase("A video needs a title between the square brackets.")))
    if not video.source.startswith(("media/", "https://")):
        message = Phrase("A video is a file in `media/`, or an address that begins with https://.")
        problems.append(("DL304", message))
    return problems


def _checklist(texts: list[str], seen: Counter[str]) -> Checklist:
    """Keys come from the words alone; the second of two equal items of a lesson gets a `-2`."""
    items: list[ChecklistItem] = []
    for text in texts:
        normal = re.sub(r"\W+", " ", text.casefold()).strip()
        key = sha256(normal.encode()).hexdigest()[:10]
        seen[key] += 1
        items.append(ChecklistItem(f"{key}-{seen[key]}" if seen[key] > 1 else key, text))
    return Checklist(tuple(items))
