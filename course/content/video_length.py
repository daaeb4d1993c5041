"""How long a film lasts, from the bytes of its file: MP4 (ISO/IEC 14496-12) and WebM (RFC 8794, RFC 9559)."""

from collections.abc import Iterator
from struct import unpack
from typing import Protocol

MOVIE_HEADER = (b"moov", b"mvhd")
SEGMENT, INFO, TIMESTAMP_SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489
MOST_ELEMENTS = 10_000
NANOSECONDS = 1e9


class Bytes(Protocol):
    """Anything that can be sliced into bytes: bytes, or a file mapped into memory, of which only the needed parts
    are read."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...


def seconds_of(data: Bytes) -> float | None:
    """Return how long a film lasts, in seconds; None if the file does not say, or is no film."""
    if data[4:8] == b"ftyp":
        return _mp4_seconds(data)
    if data[0:4] == b"\x1a\x45\xdf\xa3":
        return _webm_seconds(data)
    return None


def _mp4_seconds(data: Bytes) -> float | None:
    begin, end = 0, len(data)
    for wanted in MOVIE_HEADER:
        found = next((place for name, *place in _boxes(data, begin, end) if name == wanted), None)
        if found is None:
            return None
        begin, end = found
    long = data[begin : begin + 1] == b"\1"
    header = data[begin + (20 if long else 12) : begin + (32 if long else 20)]
    if len(header) < (12 if long else 8):
        return None
    scale, duration = unpack(">IQ" if long else ">II", header)
    unknown = 2**64 - 1 if long else 2**32 - 1
    return duration / scale if scale and duration not in (0, unknown) else None


def _boxes(data: Bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places: name, and where the content begins and ends."""
    for _ in range(MOST_ELEMENTS):
        head = data[begin : begin + 16]
        if len(head) < 8 or begin >= end:
            return
        size, content = int.from_bytes(head[:4]), 8
        if size == 1:
            size, content = int.from_bytes(head[8:16]), 16
        elif size == 0:
            size = end - begin
        if size < content:
            return
        yield head[4:8], begin + content, min(begin + size, end)
        begin += size


def _webm_seconds(data: Bytes) -> float | None:
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
    for _ in range(MOST_ELEMENTS):
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
