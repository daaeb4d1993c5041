"""Style sheets as values, as far as ours are written: no brace or semicolon in a string, no rule within a rule."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PIECE = re.compile(r"[^{};]+|[{};]")


@dataclass(frozen=True, slots=True)
class StyleRule:
    """`condition` is what stands around it, as `@media print`; each declaration is a property and its value."""

    condition: str
    selectors: tuple[str, ...]
    declarations: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.condition} {', '.join(self.selectors)}".strip()


def style_rules(css: str) -> Iterator[StyleRule]:
    """The rules of a sheet, in their order; an `@page` is one too."""
    open_at: list[str] = []
    declarations: list[tuple[str, str]] = []
    last = ""
    for piece in PIECE.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        if piece == "{":
            open_at.append(_tidy(last))
        elif piece == "}":
            inner = open_at.pop()
            if declarations:
                yield StyleRule(" ".join(open_at), _selectors(inner), tuple(declarations))
                declarations = []
        elif piece == ";":
            name, _, value = last.partition(":")
            declarations.append((_tidy(name), _tidy(value)))
        last = piece
    assert open_at == []


def _selectors(prelude: str) -> tuple[str, ...]:
    """A comma in brackets, as in `:is(h1, h2)`, parts nothing."""
    return tuple(_tidy(one) for one in re.split(r",(?![^(]*\))", prelude))


def _tidy(text: str) -> str:
    return " ".join(text.split())
