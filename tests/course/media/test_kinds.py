"""What a medium is, by its name and by its bytes: the same on every machine."""

import pytest

from course.media.kinds import INSTEAD, MEDIA_TYPES, is_what_it_says, kind_in, mime_of, not_allowed, role_of
from tests.support.author.films import box, mp3, mp4, old_quicktime, wav, webm


@pytest.mark.parametrize(
    ("path", "mime"),
    [
        ("media/talk.mp4", "video/mp4"),
        ("media/MAP.WEBP", "image/webp"),
        ("media/a.b.vtt", "text/vtt"),
        ("media/Talk.M4A", "audio/mp4"),
        ("media/plan.csv", "text/csv"),
    ],
)
def test_the_ending_says_what_a_file_is_served_as(path: str, mime: str) -> None:
    assert mime_of(path) == mime


def test_both_spellings_of_jpeg_are_the_same() -> None:
    assert MEDIA_TYPES[".jpg"] == MEDIA_TYPES[".jpeg"]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.mp4", mp4(1), "mp4"),
        ("a.mp4", box(b"ftyp", b"iso5"), "mp4"),
        ("a.webm", webm(1), "webm"),
        ("a.mp3", mp3(1), "mp3"),
        ("a.mp3", b"ID3\x04", "mp3"),
        ("a.m4a", box(b"ftyp", b"M4A "), "m4a"),
        ("a.m4a", box(b"ftyp", b"mp42"), "mp4"),
        ("a.ogg", b"OggS\0", "ogg"),
        ("a.wav", wav(1), "wav"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\n", "vtt"),
        ("a.jpeg", b"\xff\xd8\xff\xe1", "jpg"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "png"),
        ("a.gif", b"GIF89a", "gif"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        ("a.avif", box(b"ftyp", b"avif"), "avif"),
        ("a.svg", b'<?xml version="1.0"?>\n<svg/>', "svg"),
        ("a.svg", b"\xef\xbb\xbf <!-- drawn --><svg/>", "svg"),
        ("a.pdf", b"%PDF-1.4", "pdf"),
        ("a.xlsx", b"PK\x03\x04", "zip"),
        ("a.csv", "Name;Größe\n".encode("latin-1"), "text"),
        ("a.csv", "\ufeffName\tGröße\n".encode("utf-16-le"), "text"),
    ],
)
def test_a_file_is_what_its_name_says_by_its_first_bytes(name: str, data: bytes, kind: str) -> None:
    assert kind_in(data) == kind
    assert is_what_it_says(name, kind)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.mp4", box(b"ftyp", b"qt  ")),
        ("a.mp4", old_quicktime(1)),
        ("a.jpg", box(b"ftyp", b"heic")),
        ("a.jpg", b"<svg/>"),
        ("a.svg", b"<html><svg/></html>"),
        ("a.svg", b"<script>alert(1)</script>"),
        ("a.csv", b"MZ\x90\0\x03\0"),
        ("a.pdf", b"<html>"),
        ("a.png", b""),
        ("a.xlsx", b"<html>"),
    ],
)
def test_a_file_under_a_false_name_is_known(name: str, data: bytes) -> None:
    assert not is_what_it_says(name, kind_in(data))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "media/a.MOV",
            "`media/a.MOV` is of a kind that courses do not show. Save the film as MP4 (H.264), which",
        ),
        ("media/a.heic", "Save the picture as JPEG or PNG"),
        ("media/a.opus", "Save the recording as MP3 or M4A"),
        ("media/a.srt", "Save the captions as WebVTT"),
        ("media/a.xlsm", "without macros"),
        ("media/a.exe", "Take one of these: mp4, webm, mp3,"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_to_do(path: str, said: str) -> None:
    assert role_of(path) is None
    assert said in str(not_allowed(path))


def test_no_kind_is_allowed_and_refused() -> None:
    assert not MEDIA_TYPES.keys() & INSTEAD.keys()
