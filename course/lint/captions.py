"""Rules for what stands beside a film: its poster and its captions."""

from collections.abc import Iterator

from course.content.problems import Problem
from course.language.words import Phrase
from course.lint.draft import Draft
from course.lint.films import own_videos
from course.media.captions import misplaced, read_captions


def videos_without_poster(draft: Draft) -> Iterator[Problem]:
    for page, number, video in own_videos(draft):
        if draft.find(video.poster) is None:
            message = Phrase(
                "`%(file)s` is missing: the picture that mails show in place of the video.", {"file": video.poster}
            )
            yield Problem(page.path, number, "DL305", message)


def videos_without_captions(draft: Draft) -> Iterator[Problem]:
    for page, number, video in own_videos(draft):
        if draft.find(video.captions) is None:
            message = Phrase(
                "`%(file)s` is missing: captions, for those who cannot hear it and those on a train.",
                {"file": video.captions},
            )
            yield Problem(page.path, number, "DL306", message)


def unread(draft: Draft) -> Iterator[Problem]:
    for path, file in draft.media_that_are("captions"):
        for number, message in read_captions(file.data).unread:
            yield Problem(path, number, "DL313", message)


def misfits(draft: Draft) -> Iterator[Problem]:
    seconds = _film_seconds(draft)
    for path, file in draft.media_that_are("captions"):
        for number, message in misplaced(read_captions(file.data).cues, seconds.get(path)):
            yield Problem(path, number, "DL314", message)


def _film_seconds(draft: Draft) -> dict[str, float]:
    """How long films last by their files, or else by what lessons say, by the paths of their captions."""
    said: dict[str, float] = {}
    for _, _, video in own_videos(draft):
        captions, file = draft.find(video.captions), draft.find(video.path)
        real = draft.media[file].seconds if file else None
        if captions and (real or video.seconds):
            said[captions] = real or video.seconds
    return said
