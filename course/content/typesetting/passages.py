"""The stretches of text in a tree of elements, each across the elements that stand within it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from course.content.typesetting.edits import Edit, edited_pieces
from course.content.typesetting.signs import LINE_BREAK, OPAQUE

VERBATIM = {"code", "pre", "kbd", "samp", "script", "style", "img", "svg"}


class Run(NamedTuple):
    """A piece of text and where it hangs. What is fixed is seen as signs that nothing changes."""

    element: Element
    place: Literal["text", "tail"]
    seen: str
    fixed: bool = False


def passages(root: Element, is_block: Callable[[str], bool]) -> Iterator[list[Run]]:
    """Each stretch of text that is read in one go, such as a paragraph with the links and emphasis in it."""
    found: list[list[Run]] = [[]]
    _collect(root, is_block, found)
    return (passage for passage in found if any(not run.fixed for run in passage))


def change(passage: Sequence[Run], edits: Sequence[Edit]) -> bool:
    """Changes a stretch in its tree; whether anything did change."""
    if not edits:
        return False
    for run, new in zip(passage, edited_pieces([run.seen for run in passage], edits), strict=True):
        if not run.fixed and new != run.seen:
            setattr(run.element, run.place, new)
    return True


def _collect(element: Element, is_block: Callable[[str], bool], found: list[list[Run]]) -> None:
    if element.tag in VERBATIM:
        found[-1].append(Run(element, "text", OPAQUE, fixed=True))
        return
    if element.tag == "br":
        found[-1].append(Run(element, "text", LINE_BREAK, fixed=True))
    _note(element, "text", element.text, found[-1])
    for child in element:
        apart = is_block(child.tag)
        if apart:
            found.append([])
        _collect(child, is_block, found)
        if apart:
            found.append([])
        _note(child, "tail", child.tail, found[-1])


def _note(element: Element, place: Literal["text", "tail"], text: str | None, passage: list[Run]) -> None:
    if text:
        fixed = isinstance(text, AtomicString)
        passage.append(Run(element, place, OPAQUE * len(text) if fixed else text, fixed))
