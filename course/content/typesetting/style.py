"""For whom a text is set, and in which language."""

from dataclasses import dataclass
from typing import Literal

Names = Literal["as written", "marked", "left out"]
"""What becomes of `{{ name }}`: it stays, it becomes the mark that is filled later, or it goes with its comma."""


@dataclass(frozen=True, slots=True)
class Style:
    """`language` is a tag such as `de` or `pt-BR`; `fine` says whether quotes, dashes and spaces are set as print
    does in that language."""

    language: str = "en"
    fine: bool = True
    names: Names = "as written"
