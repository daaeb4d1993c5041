"""The pieces that a line is read as, and the elements that they become."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from course.content.markup.emphasis import Run


@dataclass(frozen=True, slots=True)
class End:
    """Where an element that began before ends."""


END = End()
Piece = str | Element | Run | End
"""An element begins where it stands among the pieces, and holds those up to its end. What is whole by itself, such
as code, is followed by its end at once."""


def words_of(pieces: list[Piece]) -> str:
    """The words alone, as they stand for a picture that is not seen."""
    said: list[str] = []
    for piece in pieces:
        match piece:
            case str():
                said.append(piece)
            case Run():
                said.append(piece.mark * piece.left)
            case Element():
                said.append(piece.get("alt") or piece.text or "")
            case _:
                pass
    return "".join(said)


def build(element: Element, pieces: list[Piece]) -> None:
    """Put the pieces into an element, those within others into them."""
    holders, said = [element], list[str]()
    for piece in pieces:
        match piece:
            case str():
                said.append(piece)
            case Element():
                _say(said, holders[-1])
                _begin(piece, holders)
            case Run(closed=closed, opened=opened):
                if closed:
                    _say(said, holders[-1])
                    del holders[len(holders) - len(closed) :]
                said.append(piece.mark * piece.left)
                for tag in reversed(opened):
                    _say(said, holders[-1])
                    _begin(Element(tag), holders)
            case _:
                _say(said, holders.pop())
    _say(said, holders[-1])


def _begin(element: Element, holders: list[Element]) -> None:
    holders[-1].append(element)
    holders.append(element)


def _say(said: list[str], holder: Element) -> None:
    """All at once: text that grows bit by bit is copied again and again."""
    words = "".join(said)
    said.clear()
    if not words:
        return
    if len(holder):
        holder[-1].tail = (holder[-1].tail or "") + words
    else:
        holder.text = (holder.text or "") + words
