"""What a text is made of: blocks within blocks, each with the lines it stands on."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal[
    "document", "quote", "list", "item", "note",
    "paragraph", "heading", "fence", "indented", "rule", "table",
]  # fmt: skip
HOLDERS = frozenset({"document", "quote", "list", "item", "note"})


@dataclass(slots=True)
class Node:
    """One block. Lines are counted from 0; `last` is included.

    `lines` are those of a leaf without what its holders own of them (quote marks, indentation). `column` is where
    the words of an item begin, or where a fence stands; `mark` a fence, a list's bullet (`-`, `*`, `+`, `.`, `)`)
    or a footnote's label; `number` a list's first one or a heading's level, else 0; `align` one word for each
    column of a table.
    """

    kind: Kind
    first: int
    last: int
    children: list["Node"] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    column: int = 0
    mark: str = ""
    number: int = 0
    loose: bool = False
    closed: bool = False
    align: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def walk(self) -> Iterator["Node"]:
        """This block and all within it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()
