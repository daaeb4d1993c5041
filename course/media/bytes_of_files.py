"""What the readers of films are given."""

from typing import Protocol

MOST_PARTS = 10_000
"""How many boxes or elements of one kind are looked at: none of a film's own structure has so many."""


class Bytes(Protocol):
    """Anything that can be sliced into bytes: bytes, or a file mapped into memory, of which only the needed parts
    are read."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> bytes: ...
