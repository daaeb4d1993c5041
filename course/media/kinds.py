"""The kinds of file that a course may show: by what files are called, and by what they begin with."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from course.language.words import Phrase

Role = Literal["film", "sound", "picture", "captions", "document"]

MEGABYTE = 1_000_000
PICTURE, DOCUMENT, SOUND, FILM = 10 * MEGABYTE, 50 * MEGABYTE, 100 * MEGABYTE, 400 * MEGABYTE


@dataclass(frozen=True, slots=True)
class MediaType:
    """`mime` is what a file is served as, `label` names it for people; `kind_in` finds `bytes_kind` in it."""

    role: Role
    label: Phrase
    mime: str
    most_bytes: int
    bytes_kind: str


MEDIA_TYPES: Mapping[str, MediaType] = {
    ".mp4": MediaType("film", Phrase("an MP4 film"), "video/mp4", FILM, "mp4"),
    ".webm": MediaType("film", Phrase("a WebM film"), "video/webm", FILM, "webm"),
    ".mp3": MediaType("sound", Phrase("an MP3 recording"), "audio/mpeg", SOUND, "mp3"),
    ".m4a": MediaType("sound", Phrase("an M4A recording"), "audio/mp4", SOUND, "m4a"),
    ".ogg": MediaType("sound", Phrase("an Ogg recording"), "audio/ogg", SOUND, "ogg"),
    ".wav": MediaType("sound", Phrase("a WAV recording"), "audio/wav", SOUND, "wav"),
    ".vtt": MediaType("captions", Phrase("WebVTT captions"), "text/vtt", MEGABYTE, "vtt"),
    ".jpg": MediaType("picture", Phrase("a JPEG picture"), "image/jpeg", PICTURE, "jpg"),
    ".jpeg": MediaType("picture", Phrase("a JPEG picture"), "image/jpeg", PICTURE, "jpg"),
    ".png": MediaType("picture", Phrase("a PNG picture"), "image/png", PICTURE, "png"),
    ".gif": MediaType("picture", Phrase("a GIF picture"), "image/gif", PICTURE, "gif"),
    ".webp": MediaType("picture", Phrase("a WebP picture"), "image/webp", PICTURE, "webp"),
    ".avif": MediaType("picture", Phrase("an AVIF picture"), "image/avif", PICTURE, "avif"),
    ".svg": MediaType("picture", Phrase("an SVG drawing"), "image/svg+xml", PICTURE, "svg"),
    ".pdf": MediaType("document", Phrase("a PDF"), "application/pdf", DOCUMENT, "pdf"),
    ".docx": MediaType(
        "document",
        Phrase("a Word document"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        DOCUMENT,
        "zip",
    ),
    ".xlsx": MediaType(
        "document",
        Phrase("an Excel worksheet"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        DOCUMENT,
        "zip",
    ),
    ".pptx": MediaType(
        "document",
        Phrase("PowerPoint slides"),
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        DOCUMENT,
        "zip",
    ),
    ".odt": MediaType(
        "document",
        Phrase("an OpenDocument text"),
        "application/vnd.oasis.opendocument.text",
        DOCUMENT,
        "zip",
    ),
    ".ods": MediaType(
        "document",
        Phrase("an OpenDocument worksheet"),
        "application/vnd.oasis.opendocument.spreadsheet",
        DOCUMENT,
        "zip",
    ),
    ".csv": MediaType("document", Phrase("a table as CSV"), "text/csv", DOCUMENT, "text"),
    ".epub": MediaType("document", Phrase("an e-book"), "application/epub+zip", DOCUMENT, "zip"),
    ".zip": MediaType("document", Phrase("a ZIP archive"), "application/zip", DOCUMENT, "zip"),
}
"""By the ending of the name, in small letters. Office files with macros, web pages and programs are left out on
purpose, as they act when they are opened; so are plain texts, which authors leave beside media as notes."""

INSTEAD: Mapping[str, Phrase] = {
    **dict.fromkeys(
        (".mov", ".m4v", ".avi", ".mkv", ".wmv", ".mpg", ".mpeg", ".flv", ".3gp"),
        Phrase("Save the film as MP4 (H.264), which every browser plays."),
    ),
    **dict.fromkeys(
        (".heic", ".heif", ".tif", ".tiff", ".bmp", ".psd"),
        Phrase("Save the picture as JPEG or PNG, which every browser and mail program shows."),
    ),
    **dict.fromkeys(
        (".aac", ".flac", ".wma", ".aif", ".aiff", ".opus", ".oga"),
        Phrase("Save the recording as MP3 or M4A, which every browser plays."),
    ),
    **dict.fromkeys(
        (".srt", ".sbv", ".ass"),
        Phrase("Save the captions as WebVTT (.vtt), the only kind that browsers read."),
    ),
    **dict.fromkeys(
        (".doc", ".xls", ".ppt", ".rtf", ".pages", ".numbers", ".key", ".docm", ".xlsm", ".pptm"),
        Phrase("Save the document as PDF, or as .docx, .xlsx or .pptx without macros."),
    ),
}
"""What to do with files of kinds that people have and courses do not show, by their ending."""

HEAD_BYTES = 1024
FIRST_BYTES: tuple[tuple[str, int, bytes], ...] = (
    ("jpg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("gif", 0, b"GIF8"),
    ("webp", 8, b"WEBP"),
    ("wav", 8, b"WAVE"),
    ("pdf", 0, b"%PDF-"),
    ("webm", 0, b"\x1a\x45\xdf\xa3"),
    ("ogg", 0, b"OggS"),
    ("mp3", 0, b"ID3"),
    ("mp3", 0, b"\xff\xfb"),
    ("mp3", 0, b"\xff\xfa"),
    ("mp3", 0, b"\xff\xf3"),
    ("mp3", 0, b"\xff\xf2"),
    ("zip", 0, b"PK\x03\x04"),
    ("vtt", 0, b"WEBVTT"),
    *(("mov", 4, box) for box in (b"moov", b"mdat", b"wide", b"pnot", b"skip")),
)
BRANDS = {
    b"qt  ": "mov",
    b"avif": "avif",
    b"avis": "avif",
    b"M4A ": "m4a",
    b"M4B ": "m4a",
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"), "heic"),
}
"""What a file of boxes is, by the brand it names first (https://mp4ra.org/registered-types/brands)."""

UNICODE_TEXT = (b"\xff\xfe", b"\xfe\xff")
SVG = b"<svg"


def ending_of(path: str) -> str:
    """Return the ending of a name in small letters, with its point: `.mp4`; empty for a name without one."""
    name = path.rpartition("/")[2]
    stem, point, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and point else ""


def role_of(path: str) -> Role | None:
    """Return what a file with this name is to a course; None for a kind that no course shows."""
    known = MEDIA_TYPES.get(ending_of(path))
    return known.role if known else None


def mime_of(path: str) -> str:
    """Return the MIME type for a file name with one of our endings, in capital or small letters. Machines differ
    in the types they know, so none is asked."""
    return MEDIA_TYPES[ending_of(path)].mime


def kind_in(head: bytes) -> str:
    """Tell a file's kind by its first bytes: `jpg`, `mp4`, `text` ..., or an empty text for what no course may
    show."""
    head = head.removeprefix(BOM_UTF8)
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "mp4")
    found = next((kind for kind, at, first in FIRST_BYTES if head[at : at + len(first)] == first), "")
    if found or not head:
        return found
    if SVG in head and head.lstrip().startswith(b"<") and b"<html" not in head.lower():
        return "svg"
    return "text" if b"\0" not in head or head.startswith(UNICODE_TEXT) else ""


def is_what_it_says(path: str, kind: str) -> bool:
    """Whether the first bytes, as `kind_in` reads them, are those that a file with this name begins with."""
    wanted = MEDIA_TYPES[ending_of(path)].bytes_kind
    # An M4A file may name any brand of the family of MP4.
    return kind == wanted or (wanted, kind) == ("m4a", "mp4")


def not_allowed(path: str) -> Phrase:
    """Say that no course shows files of this kind, and what to do instead."""
    ending = ending_of(path)
    values = {"file": path, "kinds": ", ".join(known.removeprefix(".") for known in MEDIA_TYPES)}
    if ending in INSTEAD:
        return Phrase(
            "`%(file)s` is of a kind that courses do not show. %(instead)s", {**values, "instead": INSTEAD[ending]}
        )
    return Phrase(
        "`%(file)s` is of a kind that courses do not show. Take one of these: %(kinds)s.",
        values,
    )
