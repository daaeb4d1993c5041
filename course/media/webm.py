"""How long a WebM film lasts, from the bytes of its file (RFC 8794, RFC 9559)."""

from collections.abc import Iterator
from struct import unpack

from course.media.bytes_of_files import MOST_PARTS, Bytes

FIRST_BYTES = b"\x1a\x45\xdf\xa3"
SEGMENT, INFO, TIMESTAMP_SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
NANOSECONDS = 1e9


def webm_seconds(data: Bytes) -> float | None:
    """Return how long a film lasts, in seconds; None if the file does not say."""
    segment = next((place for key, *place in _elements(data, 0, len(data)) if key == SEGMENT), None)
    info = segment and next((place for key, *place in _elements(data, *segment) if key == INFO), None)
    if not info:
        return None
    values = {key: data[begin:end] for key, begin, end in _elements(data, *info)}
    scale = int.from_bytes(values.get(TIMESTAMP_SCALE, b"\x0f\x42\x40"))  # a millisecond, unless it says otherwise
    raw = values.get(DURATION, b"")
    if len(raw) not in (4, 8):
        return None
    (duration,) = unpack(">f" if len(raw) == 4 else ">d", raw)
    seconds = float(duration) * scale / NANOSECONDS
    return seconds if 0 < seconds < 1e6 else None


def _elements(data: Bytes, begin: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements between two places: id, and where the content begins and ends."""
    for _ in range(MOST_PARTS):
        key, after_key = _number(data, begin, keep_mark=True)
        size, content = _number(data, after_key, keep_mark=False)
        if begin >= end or key is None or size is None:
            return
        # All ones: as long as it goes. Live recordings write their segment so.
        unknown = size == 2 ** (7 * (content - after_key)) - 1
        last = end if unknown else min(content + size, end)
        yield key, content, last
        begin = last


def _number(data: Bytes, at: int, *, keep_mark: bool) -> tuple[int | None, int]:
    """A number of variable length, and what comes after it. Ids keep the bit that marks their length."""
    first = data[at : at + 1]
    if not first or not first[0]:
        return None, at
    length = 9 - first[0].bit_length()
    raw = data[at : at + length]
    if len(raw) < length:
        return None, at
    value = int.from_bytes(raw)
    return (value if keep_mark else value - (1 << (7 * length))), at + length
