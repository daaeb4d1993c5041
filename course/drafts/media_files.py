"""What a media file is, by its bytes."""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from tinytag import TinyTag, TinyTagException

from course.lint.draft import MediaFile
from course.media.bytes_of_files import Bytes
from course.media.kinds import HEAD_BYTES, MEDIA_TYPES, ending_of, kind_in, role_of
from course.media.lengths import seconds_of
from course.media.mail_copies import copy_of


def look_at(path: Path) -> MediaFile:
    """Return what a media file is: its kind and size, how long it plays, what captions say. Of a film only the
    parts that say so are read."""
    size = path.stat().st_size
    ending = ending_of(path.name)
    with _mapped(path, size) as data:
        kind, seconds = kind_in(data[0:HEAD_BYTES]), seconds_of(data)
        captions = data[0 : MEDIA_TYPES[".vtt"].most_bytes] if ending == ".vtt" else b""
    return MediaFile(
        size=size,
        kind=kind,
        seconds=_sound_seconds(path) if role_of(path.name) == "sound" else seconds,
        data=captions,
        opens=copy_of(path.name) is None or _opens(path),
    )


@contextmanager
def _mapped(path: Path, size: int) -> Iterator[Bytes]:
    if size == 0:
        yield b""
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _sound_seconds(path: Path) -> float | None:
    try:
        return TinyTag.get(path, tags=False).duration
    except (TinyTagException, ValueError, OSError):
        return None


def _opens(path: Path) -> bool:
    try:
        with Image.open(path):
            return True
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
