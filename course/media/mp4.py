"""How long an MP4 or QuickTime film lasts, from the bytes of its file (ISO/IEC 14496-12).

A film that is one piece says so in the header of its movie, one in fragments in an extended header, an index of
its segments, or in nothing but its fragments.
"""

from collections import Counter

from course.media.boxes import MOST_FRAGMENTS, Box, Fields, boxes, fields, first
from course.media.bytes_of_files import Bytes
from course.media.fragments import fragment_seconds

UNKNOWN = {2**32 - 1, 2**64 - 1}
LONGEST = 1e6


def mp4_seconds(data: Bytes) -> float | None:
    """Return how long a film lasts, in seconds; None if the file does not say."""
    found: dict[bytes, list[Box]] = {}
    for box in boxes(data, 0, len(data), MOST_FRAGMENTS):
        if box.name in (b"moov", b"moof", b"sidx"):
            found.setdefault(box.name, []).append(box)
    movie = next(iter(found.get(b"moov", ())), None)
    if movie is None:
        return None
    whole = _header_seconds(data, movie)
    if not found.get(b"moof"):
        return whole or _plausible(_extended_seconds(data, movie))
    # The header of a film in fragments counts what lies outside of them, if anything.
    in_fragments = (
        _extended_seconds(data, movie)
        or _index_seconds(data, found.get(b"sidx", []))
        or fragment_seconds(data, movie, found[b"moof"])
    )
    return _plausible(max(whole or 0.0, in_fragments or 0.0))


def _header_seconds(data: Bytes, movie: Box) -> float | None:
    header = first(data, movie, b"mvhd")
    if header is None:
        return None
    read = fields(data, header)
    duration = read.number(20, 8) if read.version == 1 else read.number(12)
    scale = _scale(read)
    return _plausible(duration / scale) if scale and duration not in UNKNOWN else None


def _extended_seconds(data: Bytes, movie: Box) -> float | None:
    """What the header of the fragments says: box `mehd`, in the movie's scale."""
    header, extended = first(data, movie, b"mvhd"), first(data, movie, b"mvex", b"mehd")
    scale = _scale(fields(data, header)) if header else 0
    if extended is None or not scale:
        return None
    read = fields(data, extended)
    duration = read.number(0, 8 if read.version == 1 else 4)
    return duration / scale if duration not in UNKNOWN else None


def _scale(header: Fields) -> int:
    """Units a second."""
    return header.number(16 if header.version == 1 else 8)


def _index_seconds(data: Bytes, indices: list[Box]) -> float | None:
    """What the segments last that are listed in boxes `sidx`: the longest of its streams."""
    streams: Counter[int] = Counter()
    scales: dict[int, int] = {}
    for box in indices:
        read = fields(data, box)
        stream, scale = read.number(0), read.number(4)
        at = 24 if read.version == 1 else 16
        if not scale or scales.setdefault(stream, scale) != scale:
            continue
        for place in range(at + 4, at + 4 + 12 * read.number(at + 2, 2), 12):
            # One that refers to a further index is told by that one.
            if not read.number(place) >> 31:
                streams[stream] += read.number(place + 4)
    return max((units / scales[stream] for stream, units in streams.items()), default=None)


def _plausible(seconds: float | None) -> float | None:
    return seconds if seconds and 0 < seconds < LONGEST else None
