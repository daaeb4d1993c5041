"""A lesson's body in its blocks: prose, videos, and checklists whose items are known again."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.blocks import parse_blocks
from course.content.course import Audio, Checklist, Download, Lesson, Prose, Video
from course.content.parse import parse_course, parse_lesson
from course.content.problems import Problem


def read(body: str) -> tuple[Lesson, tuple[Problem, ...]]:
    return parse_lesson("1-a.md", f"---\ntitle: First\n---\n{body}")


def keys(*items: str) -> list[str]:
    lesson, _ = read("\n".join(f"- [ ] {item}" for item in items))
    return [item.key for item in lesson.items]


def test_a_lesson_is_split_at_its_videos_and_checklists() -> None:
    body = 'One.\n\n![T](media/talk.mp4 "4:30")\n\nTwo.\n\n- [ ] a\n\n- [x] b\n\n* [ ] **c**\n\nThree.\n- plain\n'
    blocks, problems = parse_blocks("1-a.md", body, 1)
    assert problems == ()
    assert [type(block) for block in blocks] == [Prose, Video, Prose, Checklist, Prose]
    assert blocks[1] == Video("T", "media/talk.mp4", 270)
    assert isinstance(blocks[3], Checklist)
    assert [item.markdown for item in blocks[3].items] == ["a", "b", "**c**"]
    assert blocks[4] == Prose("Three.\n- plain\n")


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ('![T](media/talk.mp4 "4:30")', 270),
        ('![T]( media/talk.webm   "0:05" )  ', 5),
        ('![T](media/talk.mp4 "120:00")', 7200),
        ('![T](https://www.youtube.com/watch?v=abc "1:01")', 61),
        ('![T](https://youtu.be/abc "1:01")', 61),
        ('![T](https://m.youtube.com/watch?v=abc "1:01")', 61),
        ('![T](https://www.youtube-nocookie.com/embed/abc "1:01")', 61),
        ('![T](https://vimeo.com/123 "1:01")', 61),
        ('![T](https://player.vimeo.com/video/123 "1:01")', 61),
        ('![T](http://vimeo.com/123 "1:01")', 61),
        ('![T](https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184 "1:01")', 61),
        ('![T](https://films.example.org/talk "1:01")', 61),
        ('![T](media/TALK.MP4 "1:02:03")', 3723),
        ('![T](<media/my talk.mp4> "4:30")', 270),
        ('![T](media/talk%20(1).mp4 "4:30")', 270),
        ("![T](media/talk.mp4 '4:30')", 270),
        ("![T](media/talk.mp4 (4:30))", 270),
        ('![Talk [part 2]](media/talk.mp4#t=90 "4:30")', 270),
    ],
)
def test_a_video_on_its_own_line_is_a_video_of_its_duration(line: str, seconds: int) -> None:
    blocks, problems = parse_blocks("1-a.md", line, 1)
    assert problems == ()
    assert isinstance(blocks[0], Video)
    assert blocks[0].seconds == seconds
    assert blocks[0].own == ("media/" in line)


@pytest.mark.parametrize(
    "line",
    [
        '![T](media/map.png "4:30")',
        'See ![T](media/talk.mp4 "4:30") here',
        '![T](https://youtube.com.example.org/x.png "1:00")',
        "![T](https://example.org/youtube.com/x)",
        ' ![T](media/talk.mp4 "4:30")',
        '[T](media/talk.mp4 "4:30")',
    ],
)
def test_another_line_is_no_video(line: str) -> None:
    blocks, _ = parse_blocks("1-a.md", line, 1)
    assert [type(block) for block in blocks] == [Prose]


def test_a_video_without_duration_counts_no_time_and_is_told() -> None:
    lesson, problems = read("![T](https://youtu.be/x)")
    assert lesson.videos[0].seconds == 0
    assert [problem.code for problem in problems] == ["DL301"]


def test_an_own_video_has_its_poster_and_captions_beside_it() -> None:
    video = Video("T", "./media/my%20own.talk.MP4#t=90", 3661)
    assert (video.path, video.start, video.duration) == ("media/my own.talk.MP4", 90, "1:01:01")
    assert (video.poster, video.captions) == ("media/my own.talk.jpg", "media/my own.talk.vtt")


def test_a_recording_alone_on_its_line_is_heard_and_counts_its_minutes() -> None:
    lesson, problems = read(
        '![A talk](media/talk.mp3 "4:30")\n\n![More](https://open.spotify.com/episode/a "1:00")'
    )
    assert problems == ()
    assert lesson.blocks == (
        Audio("A talk", "media/talk.mp3", 270),
        Audio("More", "https://open.spotify.com/episode/a", 60),
    )
    assert lesson.playing == "listening"
    course = parse_course("c", {"course.md": "---\ntitle: C\n---\n"}).course
    assert course.effort(lesson).minutes == 6


def test_a_document_alone_between_empty_lines_is_a_card_and_within_text_a_link() -> None:
    lesson, problems = read(
        "[The plan](media/plan.xlsx)\n\nSee\n[the plan](media/plan.xlsx)\nand [it](media/a.pdf)."
    )
    assert problems == ()
    assert [type(block) for block in lesson.blocks] == [Download, Prose]
    assert lesson.blocks[0] == Download("The plan", "media/plan.xlsx")


@pytest.mark.parametrize("link", ["[A map](media/map.png)", "[Film](media/talk.mp4)", "[A](https://e.org/a.pdf)"])
def test_a_link_to_anything_else_stays_a_link(link: str) -> None:
    assert [type(block) for block in read(link)[0].blocks] == [Prose]


@pytest.mark.parametrize("fence", ["```", "~~~", "`````", "  ```"])
def test_a_code_fence_is_left_alone(fence: str) -> None:
    inside = '![T](media/gone.mp4 "4:30")\n- [ ] item\n[x](javascript:y)\n~~\n``'
    body = f"{fence}\n{inside}\n{fence}\n\n- [ ] real\n"
    lesson, problems = read(body)
    assert problems == ()
    assert [type(block) for block in lesson.blocks] == [Prose, Checklist]


@pytest.mark.parametrize("before", ["```code``` begins this sentence.", "`` `never closed", "~~~~\n~~~\n~~~~"])
def test_what_only_looks_like_an_open_fence_hides_nothing(before: str) -> None:
    lesson, _ = read(f'{before}\n\n![T](media/talk.mp4 "1:00")\n\n- [ ] item')
    assert [type(block) for block in lesson.blocks] == [Prose, Video, Checklist]


def test_a_fence_that_nobody_closes_goes_on_to_the_end() -> None:
    lesson, _ = read('```\n![T](media/talk.mp4 "1:00")\n\n- [ ] item')
    assert [type(block) for block in lesson.blocks] == [Prose]


def test_ticks_survive_reordering_and_edits_of_other_items() -> None:
    one, two, three = keys("Write the names.", "Circle one.", "Pick a *seat*.")
    assert keys("Pick a *seat*.", "Something new", "Write the names.") == [three, keys("Something new")[0], one]
    assert two not in keys("Write the names.", "Circle two.", "Pick a *seat*.")


def test_ticks_survive_a_change_of_case_punctuation_and_emphasis() -> None:
    assert keys("Write the **names**.") == keys("write the names") == keys("Write - the names!")


def test_equal_items_have_keys_of_their_own() -> None:
    assert len(set(keys("Again", "Again", "again!", "Other"))) == 4
    lesson, _ = read("- [ ] Again\n\ntext\n\n- [ ] Again")
    assert len({item.key for item in lesson.items}) == 2


@given(st.lists(st.text("abc xyz", min_size=1, max_size=8).filter(str.strip), max_size=8), st.randoms())
def test_the_keys_of_a_list_stay_whatever_its_order(items: list[str], random: Random) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert sorted(keys(*items)) == sorted(keys(*shuffled))
    assert len(set(keys(*items))) == len(items)
    assert all(len(key) <= 20 for key in keys(*items))


def test_an_item_may_go_on_indented_on_the_next_line() -> None:
    blocks, problems = parse_blocks("1-a.md", "- [ ] write down\n      three names\n- [ ] ask one\n", 1)
    assert problems == ()
    (checklist,) = blocks
    assert isinstance(checklist, Checklist)
    assert [item.markdown for item in checklist.items] == ["write down three names", "ask one"]
