"""Files that are boxes in boxes, as MP4 and QuickTime films are (ISO/IEC 14496-12, 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from course.media.bytes_of_files import MOST_PARTS, Bytes

MOST_FRAGMENTS = 200_000
"""A film of a day in fragments of half a second."""


@dataclass(frozen=True, slots=True)
class Box:
    """`begin` and `end` are the places of its content in the file."""

    name: bytes
    begin: int
    end: int


def boxes(data: Bytes, begin: int, end: int, most: int = MOST_PARTS) -> Iterator[Box]:
    """Yield the boxes that lie between two places, as far as they are whole."""
    for _ in range(most):
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
        yield Box(head[4:8], begin + content, min(begin + size, end))
        begin += size


def within(data: Bytes, outer: Box, name: bytes) -> Iterator[Box]:
    """Yield the boxes of one name that lie directly in another."""
    return (box for box in boxes(data, outer.begin, outer.end) if box.name == name)


def first(data: Bytes, outer: Box, *names: bytes) -> Box | None:
    """Return the box at the end of a path of names; None if one of them is missing."""
    found: Box | None = outer
    for name in names:
        found = next(within(data, found, name), None) if found else None
    return found


@dataclass(frozen=True, slots=True)
class Fields:
    """The content of a box that begins with a version and flags: its numbers, read by their places."""

    content: bytes

    @property
    def version(self) -> int:
        return self.content[0] if self.content else 0

    @property
    def flags(self) -> int:
        return int.from_bytes(self.content[1:4])

    def number(self, at: int, length: int = 4) -> int:
        """Return the number at a place behind version and flags; 0 where the box ends before it."""
        raw = self.content[4 + at : 4 + at + length]
        return int.from_bytes(raw) if len(raw) == length else 0


def fields(data: Bytes, box: Box, most: int = 1 << 20) -> Fields:
    """Read a box's content, up to `most` bytes of it."""
    return Fields(bytes(data[box.begin : min(box.end, box.begin + most)]))
