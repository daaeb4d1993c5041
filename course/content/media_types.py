"""The media that a course may show: by what files are called, and by what they begin with."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass

from course.language.words import Phrase

MEGABYTE = 1_000_000
PICTURE, FILM = 10 * MEGABYTE, 400 * MEGABYTE


@dataclass(frozen=True, slots=True)
class MediaType:
    """`mime` is what it is served as. `words` names it for people."""

    label: Phrase
    mime: str
    most_bytes: int


MEDIA_TYPES: Mapping[str, MediaType] = {
    ".mp4": MediaType(Phrase("an MP4 film"), "video/mp4", FILM),
    ".webm": MediaType(Phrase("a WebM film"), "video/webm", FILM),
    ".vtt": MediaType(Phrase("WebVTT captions"), "text/vtt", MEGABYTE),
    ".jpg": MediaType(Phrase("a JPEG picture"), "image/jpeg", PICTURE),
    ".jpeg": MediaType(Phrase("a JPEG picture"), "image/jpeg", PICTURE),
    ".png": MediaType(Phrase("a PNG picture"), "image/png", PICTURE),
    ".gif": MediaType(Phrase("a GIF picture"), "image/gif", PICTURE),
    ".webp": MediaType(Phrase("a WebP picture"), "image/webp", PICTURE),
    ".pdf": MediaType(Phrase("a PDF"), "application/pdf", 50 * MEGABYTE),
}
"""By the ending of the name, in small letters."""

HEAD_BYTES = 16
FIRST_BYTES = {
    "jpg": (0, b"\xff\xd8\xff"),
    "png": (0, b"\x89PNG\r\n\x1a\n"),
    "gif": (0, b"GIF8"),
    "webp": (8, b"WEBP"),
    "pdf": (0, b"%PDF-"),
    "mp4": (4, b"ftyp"),
    "webm": (0, b"\x1a\x45\xdf\xa3"),
    "vtt": (0, b"WEBVTT"),
}


def mime_of(path: str) -> str:
    """Return the MIME type for a file name with one of our endings, in capital or small letters. Machines differ
    in the types they know, so none is asked."""
    return MEDIA_TYPES[f".{path.rpartition('.')[2].lower()}"].mime


def kind_in(head: bytes) -> str:
    """Tell a file's type by its first bytes: `jpg`, `mp4` ..., or an empty text for what no course may show."""
    head = head.removeprefix(BOM_UTF8)
    return next((kind for kind, (at, first) in FIRST_BYTES.items() if head[at : at + len(first)] == first), "")
