"""Changes to a text that lies in several pieces, such as a sentence with an emphasised word in it."""

from collections.abc import Iterable, Sequence

Edit = tuple[int, int, str]
"""From where to where, counted in signs of the whole text, and what stands there afterwards."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with its changes, which must be in order and apart from each other."""
    return edited_pieces([text], edits)[0]


def edited_pieces(pieces: Sequence[str], edits: Iterable[Edit]) -> list[str]:
    """The pieces with the changes to the text that they make up. What is new stands in the piece where its change
    begins."""
    parts: list[list[str]] = [[] for _ in pieces]
    ends: list[int] = []
    for piece in pieces:
        ends.append((ends[-1] if ends else 0) + len(piece))
    text = "".join(pieces)
    at, now = 0, 0

    def keep(until: int) -> None:
        nonlocal at, now
        while at < until:
            stop = min(until, ends[now])
            parts[now].append(text[at:stop])
            at = stop
            if at == ends[now] and now < len(ends) - 1:
                now += 1

    for start, end, new in edits:
        keep(start)
        while now < len(ends) - 1 and start >= ends[now]:
            now += 1
        parts[now].append(new)
        while end > ends[now]:
            now += 1
        at = end
    keep(len(text))
    return ["".join(part) for part in parts]
