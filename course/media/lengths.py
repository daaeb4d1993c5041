"""How long a film lasts, by the bytes of its file."""

from course.media.bytes_of_files import Bytes
from course.media.mp4 import mp4_seconds
from course.media.webm import FIRST_BYTES, webm_seconds

MP4_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp"}
"""Those of old QuickTime films too, which begin without `ftyp`."""


def seconds_of(data: Bytes) -> float | None:
    """Return how long a film lasts, in seconds; None if the file does not say, or is no film."""
    if data[0:4] == FIRST_BYTES:
        return webm_seconds(data)
    return mp4_seconds(data) if data[4:8] in MP4_FIRST_BOXES else None
