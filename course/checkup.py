"""What a look at a Dayletter finds."""

from dataclasses import dataclass
from typing import Literal

State = Literal["good", "warning", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`todo` is empty where there is nothing to do."""

    about: str
    state: State
    said: str
    todo: str = ""
