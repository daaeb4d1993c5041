"""What a look at a Dayletter finds."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`todo` is empty where there is nothing to do."""

    about: str
    state: Grade
    said: str
    todo: str = ""
