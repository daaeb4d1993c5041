"""How long films last, by their bytes."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.drafts.media_files import look_at
from course.media.lengths import seconds_of
from tests.support.author.films import big, box, element, fragmented, mp3, mp4, old_quicktime, wav, webm

WAYS = ("header", "index", "runs", "usual", "here")
FILMS = {
    "mp4": mp4(61.5),
    "mp4 of the long kind": mp4(61.5, long=True),
    "webm": webm(61.5),
    "QuickTime without its first box": old_quicktime(61.5),
    "data of many gigabytes": big(61.5),
    **{f"fragments by {way}": fragmented(61.5, says=way) for way in WAYS},
}


@pytest.mark.parametrize("film", FILMS.values(), ids=FILMS)
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
        fragmented(61.5, says="nothing"),
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


@given(st.sampled_from(list(FILMS.values())), st.integers(0, 200), st.binary(max_size=12))
def test_a_damaged_film_is_no_accident(film: bytes, at: int, damage: bytes) -> None:
    seconds = seconds_of(film[:at] + damage + film[at + len(damage) :])
    assert seconds is None or seconds >= 0
    seconds_of(film[:at])


@pytest.mark.parametrize(
    ("name", "data", "seconds"),
    [
        ("a.mp3", mp3(90), 90),
        ("a.wav", wav(3), 3),
        ("a.m4a", mp4(61.5), 61.5),
        ("a.mp3", b"ID3\x03", None),
        ("a.ogg", b"OggS", None),
        ("a.wav", b"", None),
    ],
)
def test_a_recording_says_how_long_it_is_if_it_can(
    name: str, data: bytes, seconds: float | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    assert look_at(tmp_path / name).seconds == seconds


@given(
    st.sampled_from(("a.mp3", "a.ogg", "a.wav", "a.m4a")), st.sampled_from((mp3(1), wav(1), b"OggS")), st.binary()
)
def test_a_damaged_recording_is_no_accident(name: str, sound: bytes, damage: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(sound[: len(damage)] + damage + sound[len(damage) : 400])
        assert (look_at(file).seconds or 0) >= 0


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.jpg", b"\xff\xd8\xff\xe0", "jpg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", "vtt"),
        ("a.jpg", b"<html>", "text"),
        ("a.jpg", b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(name: str, data: bytes, kind: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    assert (look_at(tmp_path / name).kind, look_at(tmp_path / name).size) == (kind, len(data))
