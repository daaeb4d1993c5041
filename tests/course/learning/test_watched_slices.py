"""The slices of a video: what was seen stays seen, and is never more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.course import Effort
from course.errors import Invalid
from course.learning.free_text import read_writing
from course.learning.watched_slices import NOTHING, Watched, joined, read_watched, share
from course.media.players import player

LENGTHS = st.integers(1, 4 * 3600)
SEEN = st.integers(0, 2**3000)


@given(LENGTHS, SEEN, SEEN, st.integers(0, 99_999))
def test_a_report_adds_and_never_takes_away(seconds: int, before: int, told: int, stopped_at: int) -> None:
    had = Watched(0, before & read_watched("0", "f" * 4000, seconds).seen)
    now = joined(had, read_watched(str(stopped_at), f"{told:x}", seconds))
    assert now.seen & had.seen == had.seen
    assert 0 <= share(had.seen, seconds) <= share(now.seen, seconds) <= 1
    assert 0 <= now.stopped_at <= seconds
    assert joined(now, now) == now


def test_a_video_seen_to_its_end_is_seen_whole() -> None:
    assert share(read_watched("0", "f" * 4000, 203).seen, 203) == 1
    assert share(NOTHING.seen, 203) == 0
    assert share(1, 0) == 0


@given(st.floats(0, 1), st.integers(0, 5))
def test_the_minutes_left_are_never_more_than_all_or_less_than_none(seen: float, ticked: int) -> None:
    effort = Effort(6.3, 4.5, 2.2, 5)
    assert all(0 <= left <= all_ for left, all_ in zip(effort.left(seen, ticked), effort.shares, strict=True))


@given(st.text(alphabet=st.characters(), max_size=200))
def test_whatever_is_written_can_be_stored_and_read_again_the_same(text: str) -> None:
    words = read_writing("note", text, 1000)
    words.encode()
    assert "\0" not in words
    assert read_writing("note", words.replace("\n", "\r\n"), 1000) == words


def test_only_so_much_is_taken() -> None:
    assert len(read_writing("note", "x" * 10 + "\n\n", 10)) == 10
    with pytest.raises(Invalid, match="11 characters, and up to 10 can be kept"):
        read_writing("note", "x" * 11, 10)


@pytest.mark.parametrize(
    ("address", "framed"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://m.youtube.com/watch?list=a&v=dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"),
        ("https://vimeo.com/123456789", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"),
        (
            "https://vimeo.com/123456789/abcdef12",
            "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1&h=abcdef12",
        ),
        ("https://player.vimeo.com/video/123456789", "https://player.vimeo.com/video/123456789?autoplay=1&dnt=1"),
    ],
)
def test_a_video_of_another_site_has_a_player_without_cookies(address: str, framed: str) -> None:
    assert player(address).startswith(framed)


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/@channel",
        "https://vimeo.com/channels/staff",
        "https://evil.example/watch?v=dQw4w9WgXcQ",
    ],
)
def test_what_is_no_single_video_is_only_linked_to(address: str) -> None:
    assert player(address) == ""
