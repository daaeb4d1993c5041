"""How long films last, by their bytes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.content.video_length import seconds_of
from course.drafts.folder import look_at
from tests.support.author.films import box, element, mp4, webm

FILMS = (mp4(61.5), mp4(61.5, long=True), webm(61.5))


@pytest.mark.parametrize("film", FILMS, ids=["mp4", "mp4 of the long kind", "webm"])
def test_a_film_says_how_long_it_is(film: bytes, tmp_path: Path) -> None:
    assert seconds_of(film) == pytest.approx(61.5)
    (tmp_path / "film").write_bytes(film)
    assert look_at(tmp_path / "film").seconds == pytest.approx(61.5)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just words",
        box(b"ftyp", b"isom"),
        box(b"ftyp", b"isom") + box(b"moov", b""),
        box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", bytes(100))),
        box(b"ftyp", b"isom") + b"\0\0\0\1moov" + b"\0" * 8,
        element("1A45DFA3", b""),
        element("1A45DFA3", b"") + element("18538067", element("1549A966", element("4489", b"xyz"))),
        element("1A45DFA3", b"") + element("18538067", element("1549A966", element("4489", b"\xff" * 8))),
    ],
)
def test_what_does_not_say_it_is_as_long_as_nothing(data: bytes) -> None:
    assert seconds_of(data) is None


@given(st.sampled_from(FILMS), st.integers(0, 200), st.binary(max_size=12))
def test_a_damaged_film_is_no_accident(film: bytes, at: int, damage: bytes) -> None:
    seconds = seconds_of(film[:at] + damage + film[at + len(damage) :])
    assert seconds is None or seconds >= 0
    seconds_of(film[:at])


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", "jpg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", "vtt"),
        ("a.jpg", b"<html>", ""),
        ("a.jpg", b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(name: str, data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert (look_at(tmp_path / name).kind, look_at(tmp_path / name).size) == (kind, len(data))
