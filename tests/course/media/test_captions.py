"""Captions as browsers read them, and what they would miss, with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.media.captions import Cue, misplaced, read_captions

GOOD = b"WEBVTT - a talk\n\nNOTE by hand\n\nSTYLE\n::cue {}\n\n1\n00:00.000 --> 00:02.000 line:0\n<b>Hi\n"


def unread(data: bytes) -> list[tuple[int, str]]:
    return [(line, str(message)) for line, message in read_captions(data).unread]


@pytest.mark.parametrize("data", [GOOD, GOOD.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + GOOD, GOOD.rstrip()])
def test_what_browsers_read_is_read(data: bytes) -> None:
    assert read_captions(data).cues == (Cue(9, 0.0, 2.0),)
    assert unread(data) == []


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "begin with a line `WEBVTT`"),
        (b"WEBVTTx\n\n00:00.000 --> 00:01.000\nHi", 1, "begin with a line `WEBVTT`"),
        (b"1\n00:00:00,000 --> 00:00:02,000\nHi\n", 1, "SRT"),
        (b"WEBVTT\n\n", 1, "no captions"),
        (b"WEBVTT\n\n00:00:00,000 --> 00:00:02,000\nHi\n", 3, "a point, not a comma"),
        (b"WEBVTT\n\n0:01.000 --> 0:02.000\nHi\n", 3, "no time that browsers read"),
        (b"WEBVTT\n\n99:00.000 --> 99:01.000\nHi\n", 3, "no time that browsers read"),
        (b"WEBVTT\n00:00.000 --> 00:02.000\nHi\n", 2, "empty line before"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\nHi\n00:03.000 --> 00:04.000\nHo\n", 5, "empty line before"),
        (b"WEBVTT\n\n00:00.000 --> 00:02.000\ncaf\xe9\n", 4, "UTF-8"),
        (b"WEBVTT\r\n\r\n00:00.000 --> 00:02.000\r\ncaf\xe9\r\n", 4, "UTF-8"),
    ],
)
def test_what_browsers_would_miss_is_told_with_its_line(data: bytes, line: int, said: str) -> None:
    ((found, message),) = unread(data)
    assert found == line
    assert said in message


@pytest.mark.parametrize(
    ("cues", "seconds", "lines"),
    [
        ([(1, 0, 2), (4, 2, 5)], 5, []),
        ([(1, 0, 2), (4, 2, 6.5)], 5, []),
        ([(1, 0, 2), (4, 2, 6.6)], 5, [4]),
        ([(1, 0, 2), (4, 2, 60)], None, []),
        ([(1, 3, 3)], 5, [1]),
        ([(1, 3, 4), (4, 0, 2)], 5, [4]),
        ([(1, 0, 4), (4, 1, 3)], 5, []),
    ],
)
def test_captions_that_do_not_fit_the_film_are_told(
    cues: list[tuple[int, float, float]], seconds: float | None, lines: list[int]
) -> None:
    assert [line for line, _ in misplaced(tuple(Cue(*cue) for cue in cues), seconds)] == lines


PIECES = (
    "WEBVTT",
    "\n",
    "\n\n",
    "\r",
    "-->",
    "00:01.000 --> 00:02.000",
    "NOTE",
    "STYLE",
    "REGION",
    "Hi",
    "\x0c",
    "\0",
    ":",
)


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_captions_are_an_accident(text: str) -> None:
    read = read_captions(f"WEBVTT\n{text}".encode())
    assert all(1 <= line <= len(text) + 2 for line, _ in read.unread)
    assert all(cue.end >= 0 for cue in read.cues)
