"""The course that comes with the world keeps its own promises."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from course.content.course import Course, Lesson
from course.drafts.folder import Folder, read_folder
from course.drafts.media_files import look_at
from mailer.preview.mail_rules import check_draft
from tests.support.project import ROOT

FOLDER: Folder = read_folder(ROOT / "lessons", "career-mobility")
PARSED = check_draft(FOLDER)
COURSE: Course = PARSED.course
CUE_TIMES = re.compile(r"((?:\d+:)?[0-5]\d:[0-5]\d\.\d{3}) --> ((?:\d+:)?[0-5]\d:[0-5]\d\.\d{3})(?: .*)?")

each_lesson = pytest.mark.parametrize("lesson", COURSE.lessons, ids=lambda lesson: lesson.slug)


def seconds_of_cue(text: str) -> float:
    hours, minutes, seconds = f"0:{text}".split(":")[-3:]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def cues(path: Path) -> list[tuple[float, float, str]]:
    """Begin, end and words of each cue. Fails on what is not WebVTT."""
    header, *blocks = re.split(r"\n{2,}", path.read_text(encoding="utf-8").replace("\r\n", "\n").strip())
    assert re.fullmatch(r"WEBVTT([ \t].*)?", header.partition("\n")[0])
    found = []
    for block in blocks:
        if block.startswith(("NOTE", "STYLE", "REGION")):
            continue
        lines = block.split("\n")
        times = CUE_TIMES.fullmatch(lines[0]) or CUE_TIMES.fullmatch(lines[1])
        assert times, block
        words = "\n".join(lines[lines.index(times[0]) + 1 :])
        assert words.strip(), block
        assert "-->" not in words
        found.append((seconds_of_cue(times[1]), seconds_of_cue(times[2]), words))
    return found


def test_the_course_has_no_problem_at_all() -> None:
    assert PARSED.problems == ()


def test_there_are_five_lessons() -> None:
    assert len(COURSE.lessons) == 5
    assert len({lesson.subject for lesson in COURSE.lessons}) == 5


def test_the_landing_page_has_what_it_shows() -> None:
    assert COURSE.title
    assert COURSE.tagline
    assert COURSE.summary
    assert COURSE.audience
    assert len(COURSE.markdown.split()) > 200


@each_lesson
def test_a_lesson_takes_fifteen_to_twenty_minutes(lesson: Lesson) -> None:
    effort = COURSE.effort(lesson)
    assert COURSE.minutes == (15, 20)
    assert 15.0 <= effort.reading + effort.watching + effort.articles + effort.doing <= 20.0


@each_lesson
def test_a_lesson_has_a_thousand_words_of_its_own(lesson: Lesson) -> None:
    assert lesson.word_count >= 1_000


@each_lesson
def test_a_lesson_has_three_minutes_of_own_video_with_poster_and_captions(lesson: Lesson) -> None:
    own = [video for video in lesson.videos if video.own]
    assert sum(video.seconds for video in own) >= 180
    for video in own:
        assert FOLDER.media[video.poster].stat().st_size > 1_000
        assert FOLDER.media[video.poster].read_bytes().startswith(b"\xff\xd8\xff")
        assert FOLDER.media[video.source].stat().st_size > 10_000
        assert FOLDER.media[video.captions].is_file()


@each_lesson
def test_a_lesson_has_an_article_of_three_minutes(lesson: Lesson) -> None:
    assert any(COURSE.articles[slug].word_count / 238 >= 3.0 for slug in lesson.articles)


@each_lesson
def test_a_lesson_has_four_to_eight_things_to_do(lesson: Lesson) -> None:
    assert 4 <= len(lesson.items) <= 8


@each_lesson
def test_a_lesson_has_a_subject_and_a_preheader_that_inboxes_show_whole(lesson: Lesson) -> None:
    assert 0 < len(lesson.subject) <= 60
    assert 20 <= len(lesson.preheader) <= 110


@each_lesson
def test_captions_are_in_order_readable_and_cover_the_video(lesson: Lesson) -> None:
    for video in lesson.videos:
        found = cues(FOLDER.media[video.captions])
        length = look_at(FOLDER.media[video.source]).seconds
        assert length is not None
        assert all(begin < end for begin, end, _ in found)
        assert all(one[1] <= other[0] for one, other in pairwise(found))
        assert found[0][0] < 5.0
        assert length - 10.0 < found[-1][1] <= length
        assert sum(end - begin for begin, end, _ in found) > 0.75 * length
        assert all(len(line) <= 50 for _, _, words in found for line in words.split("\n"))


def test_the_media_together_stay_under_forty_megabytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.media.values()) < 40_000_000
