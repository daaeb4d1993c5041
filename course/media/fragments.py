"""How long the fragments of an MP4 film last: the samples of each track, added up (ISO/IEC 14496-12, 8.8)."""

from collections import Counter
from collections.abc import Iterable

from course.media.boxes import Box, Fields, boxes, fields, first, within
from course.media.bytes_of_files import Bytes

BASE_OFFSET, DESCRIPTION, DURATION = 0x1, 0x2, 0x8
"""Flags of `tfhd`: which of its fields are there."""

DATA_OFFSET, FIRST_FLAGS, SAMPLE_DURATION = 0x1, 0x4, 0x100
FURTHER_FIELDS = (0x200, 0x400, 0x800)
"""Flags of `trun`: which fields stand once, and which for each sample."""


def fragment_seconds(data: Bytes, movie: Box, fragments: Iterable[Box]) -> float | None:
    """Return how long the longest track lasts by its fragments, in seconds; None where none has any samples."""
    scales, usual = _tracks(data, movie), _usual_durations(data, movie)
    units: Counter[int] = Counter()
    for fragment in fragments:
        for part in within(data, fragment, b"traf"):
            header = first(data, part, b"tfhd")
            if header is None:
                continue
            read = fields(data, header)
            track = read.number(0)
            each = _usual_here(read) or usual.get(track, 0)
            units[track] += sum(_run(fields(data, run), each) for run in within(data, part, b"trun"))
    return max((count / scales[track] for track, count in units.items() if scales.get(track)), default=None)


def _tracks(data: Bytes, movie: Box) -> dict[int, int]:
    """Units a second, by the number of a track."""
    found: dict[int, int] = {}
    for track in within(data, movie, b"trak"):
        header, media = first(data, track, b"tkhd"), first(data, track, b"mdia", b"mdhd")
        if header and media:
            about, times = fields(data, header), fields(data, media)
            number = about.number(16 if about.version == 1 else 8)
            found[number] = times.number(16 if times.version == 1 else 8)
    return found


def _usual_durations(data: Bytes, movie: Box) -> dict[int, int]:
    """How long a sample lasts unless its fragment says otherwise, in units, by track."""
    extension = first(data, movie, b"mvex")
    found = boxes(data, extension.begin, extension.end) if extension else iter(())
    read = [fields(data, box) for box in found if box.name == b"trex"]
    return {each.number(0): each.number(8) for each in read}


def _usual_here(header: Fields) -> int:
    at = 4 + (8 if header.flags & BASE_OFFSET else 0) + (4 if header.flags & DESCRIPTION else 0)
    return header.number(at) if header.flags & DURATION else 0


def _run(run: Fields, each: int) -> int:
    """How long one run of samples lasts, in units."""
    count = run.number(0)
    if not run.flags & SAMPLE_DURATION:
        return count * each
    at = 4 + (4 if run.flags & DATA_OFFSET else 0) + (4 if run.flags & FIRST_FLAGS else 0)
    width = 4 + 4 * sum(bool(run.flags & flag) for flag in FURTHER_FIELDS)
    there = max(0, len(run.content) - 4 - at) // width
    return sum(run.number(at + width * sample) for sample in range(min(count, there)))
