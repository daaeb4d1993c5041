"""What a backup says of itself, and its rows as text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from gzip import compress, decompress
from typing import Any

from course.errors import DayletterError


class Damaged(DayletterError):
    """The file is not as it was written, or is no backup."""


FORM = 1
"""Grows when a file is written that earlier versions cannot read."""

Line = Sequence[Any]
"""The values of a row, in the order of its table's columns."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`made_at` is real time, in ISO 8601; `version` and `schema` are those of the Dayletter that wrote it.

    `tables` has the columns of each, in an order in which they can be filled. `secret`: whether the file holds it.
    """

    made_at: str
    version: str
    schema: str
    tables: Mapping[str, Sequence[str]]
    secret: bool

    def written(self) -> bytes:
        return json.dumps({"form": FORM, **asdict(self)}, indent=1).encode()


def read_manifest(content: bytes) -> Manifest:
    """Raises Damaged, also for a form that only a later version knows."""
    try:
        values: dict[str, Any] = json.loads(content)
        form = values.pop("form")
        if form != FORM:
            raise Damaged(
                f"It was written by a newer Dayletter ({values.get('version')}): install that one first."
            )
        return Manifest(**values)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged("It does not begin as a backup of Dayletter does.") from None


def as_lines(rows: Sequence[Line]) -> bytes:
    """Rows as JSON, one to a line, compressed; the same bytes for the same rows."""
    lines = (json.dumps([*row], default=_as_text, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return compress("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass"), 6, mtime=0)


def from_lines(content: bytes) -> list[Line]:
    """The rows, with moments and dates as text still."""
    # Not `splitlines`: people's words hold characters that it takes for ends of lines.
    text = decompress(content).decode("utf-8", "surrogatepass")
    return [json.loads(line) for line in text.split("\n") if line]


def moment(text: str) -> datetime:
    """A moment as `as_lines` wrote it, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _as_text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"a backup has no form for {type(value).__name__}")
