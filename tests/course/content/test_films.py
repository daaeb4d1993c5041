"""The lines authors write for films, and what each becomes: a player, a card, or a finding with the remedy."""

import pytest

from course.content.course import Audio, Recording, Video
from course.content.parse import parse_lesson
from course.lint import films
from course.lint.draft import draft_of
from course.media.players import player, site_name

KEY = "dQw4w9WgXcQ"
EMBEDDED = f"https://www.youtube-nocookie.com/embed/{KEY}?autoplay=1&rel=0"


def alone(line: str) -> Recording:
    """The one recording of a lesson that is nothing but this line."""
    lesson, problems = parse_lesson("1-a.md", f"---\ntitle: A\n---\n{line}\n")
    assert problems == ()
    (recording,) = lesson.recordings
    return recording


@pytest.mark.parametrize(
    ("line", "title", "seconds", "plays"),
    [
        (f'![A talk](https://youtu.be/{KEY}?si=abc&t=90 "3:32")', "A talk", 212, f"{EMBEDDED}&start=90"),
        (f'![In list](https://www.youtube.com/watch?v={KEY}&list=PLx&index=2 "3:32")', "In list", 212, EMBEDDED),
        (f'![Long](https://youtu.be/{KEY} "1:02:03")', "Long", 3723, EMBEDDED),
        (f'![Talk [part 2]](https://youtu.be/{KEY} "3:32")', "Talk [part 2]", 212, EMBEDDED),
        (rf'![Talk \[2\] \*](https://youtu.be/{KEY} "3:32")', "Talk [2] *", 212, EMBEDDED),
        (f"![Single](https://youtu.be/{KEY} '3:32')", "Single", 212, EMBEDDED),
        (f'![Music](https://music.youtube.com/watch?v={KEY} "3:32")', "Music", 212, EMBEDDED),
        (f'![Plain](http://youtu.be/{KEY} "3:32")', "Plain", 212, EMBEDDED),
        (
            '![Private](https://vimeo.com/123456789/abcdef0123 "4:00")',
            "Private",
            240,
            "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1&h=abcdef0123",
        ),
        (
            '![List](https://www.youtube.com/playlist?list=PLabcdefghijk "30:00")',
            "List",
            1800,
            "https://www.youtube-nocookie.com/embed/videoseries?list=PLabcdefghijk&autoplay=1&rel=0",
        ),
        ('![Channel](https://www.youtube.com/@somebody "3:32")', "Channel", 212, ""),
        ('![Loom](https://www.loom.com/share/0281766fa2d04bb788eaf19e65135184 "3:32")', "Loom", 212, ""),
        ('![Elsewhere](https://films.example.org/watch/7 "3:32")', "Elsewhere", 212, ""),
    ],
)
def test_a_film_of_another_site_has_its_player_or_is_a_card(
    line: str, title: str, seconds: int, plays: str
) -> None:
    film = alone(line)
    assert isinstance(film, Video)
    assert not film.own
    assert (film.title, film.seconds, player(film.address)) == (title, seconds, plays)
    assert film.address.startswith("https://")
    assert site_name(film.address)


@pytest.mark.parametrize(
    ("line", "kind", "path", "start"),
    [
        ('![Up](media/UP.MP4 "3:20")', Video, "media/UP.MP4", 0),
        ('![Up](media/up.webm#t=90 "3:20")', Video, "media/up.webm", 90),
        ('![Up](./media/up.mp4?t=1:30 "3:20")', Video, "media/up.mp4", 90),
        ('![Up](<media/my talk.mp4> "3:20")', Video, "media/my talk.mp4", 0),
        ('![Up](media/my%20talk%20(2).mp3 "3:20")', Audio, "media/my talk (2).mp3", 0),
    ],
)
def test_a_film_or_recording_of_the_course_is_its_file(
    line: str, kind: type[Recording], path: str, start: int
) -> None:
    recording = alone(line)
    assert isinstance(recording, kind)
    assert recording.own
    assert (recording.path, recording.start) == (path, start)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            f'Intro: ![Inline](https://youtu.be/{KEY} "3:32")',
            f'`![Inline](https://youtu.be/{KEY} "3:32")` on a line',
        ),
        (f'- ![In item](https://youtu.be/{KEY} "3:32")', f'`![In item](https://youtu.be/{KEY} "3:32")` on a line'),
        (f'> ![Quoted](https://youtu.be/{KEY} "3:32")', "on a line of its own"),
        (f'| ![Cell](https://youtu.be/{KEY} "3 min") |', f'`![Cell](https://youtu.be/{KEY} "3:00")` on a line'),
        (
            f"[![Thumb](https://img.youtube.com/vi/{KEY}/0.jpg)](https://youtu.be/{KEY})",
            f'`![Thumb](https://youtu.be/{KEY} "4:30")` on a line',
        ),
        ("See ![Plan](media/plan.pdf)", "link to it: `[Plan](media/plan.pdf)`"),
        ("![Captions](media/talk.vtt)", "link to it"),
        (f"![Talk][]\n\n[talk]: https://youtu.be/{KEY}", "on a line of its own"),
    ],
)
def test_what_would_be_a_broken_picture_is_told_with_what_to_write(line: str, said: str) -> None:
    draft = draft_of("c", {"course.md": "---\ntitle: C\n---\n", "1-a.md": f"---\ntitle: A\n---\n{line}\n"}, {})
    (problem,) = films.pictures_that_are_none(draft)
    assert (problem.code, problem.line) == ("DL311", 4)
    assert said in str(problem.message)


def test_in_an_article_a_film_is_linked_to_in_words_or_by_a_small_picture() -> None:
    film = f"https://youtu.be/{KEY}"
    text = f'---\ntitle: A\n---\n[![Thumb](media/a.png)]({film})\n\n![A talk]({film} "3:32")\n'
    (problem,) = films.pictures_that_are_none(
        draft_of("c", {"course.md": "---\ntitle: C\n---\n", "articles/a.md": text}, {})
    )
    assert (problem.path, problem.line) == ("articles/a.md", 6)
    assert f"link to it here: `[A talk]({film})`" in str(problem.message)


@pytest.mark.parametrize(
    "line",
    [
        "![A map](https://example.org/map.png)",
        '![A map](https://example.org/map "as of 2026")',
        f"![A still](https://img.youtube.com/vi/{KEY}/0.jpg)",
        f"[A talk](https://youtu.be/{KEY})",
        "[![A map](media/map.png)](https://example.org/map)",
        f'`![In code](https://youtu.be/{KEY} "3:32") and more`',
        f'```\nIntro: ![In code](https://youtu.be/{KEY} "3:32")\n```',
    ],
)
def test_pictures_links_and_code_are_left_alone(line: str) -> None:
    draft = draft_of("c", {"course.md": "---\ntitle: C\n---\n", "1-a.md": f"---\ntitle: A\n---\n{line}\n"}, {})
    assert list(films.pictures_that_are_none(draft)) == []
