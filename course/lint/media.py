"""Rules for the files in `media/`, and for the addresses that lead to them."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page
from course.lint.films import own_videos
from course.media.kinds import ending_of, is_what_it_says, not_allowed, role_of
from course.media.mail_copies import beside
from course.media.paths import path_meant

MOST_PICTURE_BYTES = 500_000
SPACED = re.compile(r"\]\(\s*((?:\.\.?/)*media/[^<>\[\]\"'\n]*?)\s*(?:[\"'][^\[\]\n]*?)?\)(?![.\w])", re.I)


def missing_files(draft: Draft) -> Iterator[Problem]:
    for page, number, path in _shown(draft):
        if draft.find(path) is not None:
            continue
        if role_of(path) is None and ending_of(path):
            yield Problem(page.path, number, "DL315", not_allowed(path))
            continue
        close = get_close_matches(path, draft.media, n=1, cutoff=0.8)
        message = (
            Phrase("There is no `%(file)s`; did you mean `%(near)s`?", {"file": path, "near": close[0]})
            if close
            else Phrase("There is no `%(file)s`; put it into the course's folder.", {"file": path})
        )
        yield Problem(page.path, number, "DL303", message)


def spaces_in_addresses(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        for number, line in page.lines:
            for address in _spaced(line):
                message = Phrase(
                    "An address ends at its first space; write `<%(address)s>`, or take the spaces out of the"
                    " file's name.",
                    {"address": address},
                )
                yield Problem(page.path, number, "DL316", message)


def big_pictures(draft: Draft) -> Iterator[Problem]:
    for path, file in draft.media_that_are("picture"):
        if file.size > MOST_PICTURE_BYTES:
            message = Phrase(
                "This picture has %(size)s KB; over %(most)s KB, mails are slow.",
                {"size": file.size // 1000, "most": MOST_PICTURE_BYTES // 1000},
            )
            yield Problem(path, 1, "DL308", message)


def unused_files(draft: Draft) -> Iterator[Problem]:
    shown = {path for _, _, path in _shown(draft)} | _spaced_out(draft)
    for _, _, video in own_videos(draft):
        shown |= {video.poster, video.captions}
    shown |= {other for path in shown if (other := beside(path))}
    used = {draft.find(path) for path in shown}
    for path in draft.media:
        if path not in used:
            message = Phrase("No page shows this file; it would be published for nobody.")
            yield Problem(path, 1, "DL309", message)


def false_files(draft: Draft) -> Iterator[Problem]:
    for path, file in draft.media.items():
        role = role_of(path)
        if role == "captions":
            continue  # whose lines have rules of their own
        if not is_what_it_says(path, file.kind):
            yield Problem(path, 1, "DL310", _false(file.kind))
        elif role == "film" and file.seconds is None:
            message = Phrase("This video does not say how long it is; save it anew as MP4.")
            yield Problem(path, 1, "DL310", message)
        elif not file.opens:
            message = Phrase("This picture cannot be opened; save it anew.")
            yield Problem(path, 1, "DL310", message)


def _false(kind: str) -> Phrase:
    if kind == "mov":
        return Phrase(
            "This is a QuickTime film under another name, which not every browser plays; save it as MP4 (H.264)."
        )
    if kind:
        return Phrase("This is not the kind of file that its name says: it is %(kind)s.", {"kind": kind.upper()})
    return Phrase("This is not the kind of file that its name says: its first bytes say something else.")


def drawings(draft: Draft) -> Iterator[Problem]:
    for path, _ in draft.media_that_are("picture"):
        other = beside(path)
        if other and draft.find(other) is None:
            message = Phrase(
                "Mail programs show no SVG. Put the same picture as `%(file)s` beside it: mails show that, pages"
                " the drawing.",
                {"file": other},
            )
            yield Problem(path, 1, "DL317", message)


def _shown(draft: Draft) -> Iterator[tuple[Page, int, str]]:
    """Every path below `media/` that a page links to or shows."""
    for page in draft.pages.values():
        first_words = {(number, whole.split()[0]) for number, line in page.lines for whole in _spaced(line)}
        for number, address in page.addresses:
            path = page.target(address)
            if path is not None and path.startswith("media/") and (number, address) not in first_words:
                yield page, number, path


def _spaced_out(draft: Draft) -> set[str]:
    """The files that are meant by addresses with spaces in them."""
    lines = (line for page in draft.pages.values() for _, line in page.lines)
    return {path for line in lines for address in _spaced(line) if (path := path_meant(address))}


def _spaced(line: str) -> list[str]:
    """The addresses of media on a line that have spaces in them, and no `<` and `>` around them."""
    return [address for address in SPACED.findall(line) if " " in address] if "media/" in line.lower() else []
