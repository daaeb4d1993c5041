"""Rules for videos, pictures and what else lies in `media/`."""

from collections.abc import Iterator
from difflib import get_close_matches

from course.content.blocks import VIDEO_FILE
from course.content.course import Video
from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft, Page

MOST_PICTURE_BYTES = 500_000
PICTURES = {"jpg", "png", "gif", "webp"}
SECONDS_OFF = 1.5
KIND_OF = {"jpeg": "jpg"}


def missing_files(draft: Draft) -> Iterator[Problem]:
    for page, number, path in _shown(draft):
        if path not in draft.media:
            close = get_close_matches(path, draft.media, n=1, cutoff=0.8)
            message = (
                Phrase("There is no `%(file)s`; did you mean `%(near)s`?", {"file": path, "near": close[0]})
                if close
                else Phrase("There is no `%(file)s`; put it into the course's folder.", {"file": path})
            )
            yield Problem(page.path, number, "DL303", message)


def videos_without_poster(draft: Draft) -> Iterator[Problem]:
    for page, number, video in _own_videos(draft):
        if video.poster not in draft.media:
            message = Phrase(
                "`%(file)s` is missing: the picture that mails show in place of the video.", {"file": video.poster}
            )
            yield Problem(page.path, number, "DL305", message)


def videos_without_captions(draft: Draft) -> Iterator[Problem]:
    for page, number, video in _own_videos(draft):
        if video.captions not in draft.media:
            message = Phrase(
                "`%(file)s` is missing: captions, for those who cannot hear it and those on a train.",
                {"file": video.captions},
            )
            yield Problem(page.path, number, "DL306", message)


def wrong_durations(draft: Draft) -> Iterator[Problem]:
    for page, number, video in _own_videos(draft):
        file = draft.media.get(video.source)
        if video.seconds and file and file.seconds is not None and abs(file.seconds - video.seconds) > SECONDS_OFF:
            real = Video(video.title, video.source, round(file.seconds)).duration
            message = Phrase(
                'The video is said to last %(said)s, and lasts %(real)s; write "%(real)s".',
                {"said": video.duration, "real": real},
            )
            yield Problem(page.path, number, "DL307", message)


def big_pictures(draft: Draft) -> Iterator[Problem]:
    for path, file in draft.media.items():
        if _suffix(path) in PICTURES and file.size > MOST_PICTURE_BYTES:
            message = Phrase(
                "This picture has %(size)s KB; over %(most)s KB, mails are slow.",
                {"size": file.size // 1000, "most": MOST_PICTURE_BYTES // 1000},
            )
            yield Problem(path, 1, "DL308", message)


def unused_files(draft: Draft) -> Iterator[Problem]:
    used = {path for _, _, path in _shown(draft)}
    for _, _, video in _own_videos(draft):
        used |= {video.poster, video.captions}
    for path in draft.media:
        if path not in used:
            message = Phrase("No page shows this file; it would be published for nobody.")
            yield Problem(path, 1, "DL309", message)


def false_files(draft: Draft) -> Iterator[Problem]:
    for path, file in draft.media.items():
        if file.kind != _suffix(path):
            message = (
                Phrase(
                    "This is not the kind of file that its name says: it is %(kind)s.", {"kind": file.kind.upper()}
                )
                if file.kind
                else Phrase("This is not the kind of file that its name says: its first bytes say something else.")
            )
            yield Problem(path, 1, "DL310", message)
        elif VIDEO_FILE.search(path) and file.seconds is None:
            message = Phrase("This video does not say how long it is; save it anew as MP4.")
            yield Problem(path, 1, "DL310", message)


def _shown(draft: Draft) -> Iterator[tuple[Page, int, str]]:
    """Every path below `media/` that a page links to or shows."""
    for page in draft.pages.values():
        for number, address in page.addresses:
            path = page.target(address)
            if path is not None and path.startswith("media/"):
                yield page, number, path


def _own_videos(draft: Draft) -> Iterator[tuple[Page, int, Video]]:
    for page in draft.pages.values():
        for number, video in page.videos:
            if video.source.startswith("media/"):
                yield page, number, video


def _suffix(path: str) -> str:
    suffix = path.rpartition(".")[2].lower()
    return KIND_OF.get(suffix, suffix)
