"""A unified diff as lines that a page can set apart."""

from dataclasses import dataclass

LINE_KINDS = (("---", "file"), ("+++", "file"), ("+", "added"), ("-", "removed"), ("@", "place"))


@dataclass(frozen=True, slots=True)
class DiffLine:
    """`kind` is `file`, `place`, `added`, `removed` or `same`."""

    kind: str
    text: str


def diff_lines(diff: str) -> list[DiffLine]:
    return [DiffLine(_kind(line), line) for line in diff.splitlines()]


def _kind(line: str) -> str:
    return next((kind for start, kind in LINE_KINDS if line.startswith(start)), "same")
