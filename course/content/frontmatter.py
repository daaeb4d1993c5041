"""Front matter of a course's files: typed fields, each problem at its line."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from course.addresses.mailbox import read_mailbox
from course.addresses.marks import one_line
from course.content.colour import COLOUR
from course.content.problems import Problem
from course.content.slugs import SLUG
from course.content.weekdays import EVERY_DAY, read_weekdays
from course.language.words import Phrase
from course.tracking import Tracking

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*$\s*", flags=re.S | re.M)
"""What follows it is the body, without the blank lines at its start."""


class Fields:
    """One file's front matter. Reading a field notes what is wrong with it in `problems`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self._text = text
        self._values, self.body = self._split(text)
        self.body_line = text.count("\n", 0, len(text) - len(self.body)) + 1

    def _split(self, text: str) -> tuple[Mapping[str, Any], str]:
        found = FRONT_MATTER.match(text)
        if found is None:
            if text.startswith("---"):
                self._broken(1, Phrase("The front matter is not closed; write `---` on a line below it."))
            return {}, text
        values = self._read(found[1])
        if not isinstance(values, dict):
            self._broken(2, Phrase("The front matter is not a list of `name: value` lines."))
            values = {}
        return values, text[found.end() :]

    def _read(self, source: str) -> Any:
        try:
            # Every value as it is written: `language: no` is Norwegian, not False. This loader is also the one
            # in Python, since the one in C crashes the process on brackets that are nested too deep.
            return YAMLHandler().load(source, Loader=yaml.BaseLoader) or {}
        except (yaml.YAMLError, RecursionError) as problem:
            self._broken(_line(problem, source), Phrase("The front matter is not valid YAML."))
            return {}

    def _broken(self, line: int, message: Phrase) -> None:
        self.problems.append(Problem(self.path, line, "DL101", message))

    def line_of(self, name: str) -> int:
        return self._lines.get(name, 1)

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        """Where the first field of each name stands."""
        matter = self._text[: len(self._text) - len(self.body)].split("\n")
        numbered = [
            (line.partition(":")[0].rstrip(), number) for number, line in enumerate(matter, 1) if ":" in line
        ]
        return dict(reversed(numbered))

    def note(self, name: str, code: str, message: Phrase) -> None:
        self.problems.append(Problem(self.path, self.line_of(name), code, message))

    def allow_only(self, names: Iterable[str]) -> None:
        known = tuple(names)
        for name in self._values:
            if name not in known:
                message = Phrase(
                    "`%(field)s` is not a known field; %(hint)s.",
                    {"field": name, "hint": nearest(str(name), known)},
                )
                self.note(str(name), "DL103", message)

    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        value = self._values.get(name)
        if value is None or value == "":
            if required:
                message = Phrase(
                    "`%(field)s` is missing; add a line `%(field)s: ...` to the front matter.", {"field": name}
                )
                self.note(name, "DL102", message)
            return default
        if isinstance(value, (dict, list)):
            self.note(name, "DL104", Phrase("`%(field)s` must be a line of text.", {"field": name}))
            return default
        # A control character here would end up in a mail's headers.
        return one_line(value)

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default=allowed[0])
        if value not in allowed:
            message = Phrase(
                "`%(field)s` must be one of %(allowed)s, not `%(value)s`.",
                {"field": name, "allowed": ", ".join(allowed), "value": value},
            )
            self.note(name, "DL104", message)
            return allowed[0]
        return value

    def mailbox(self, name: str) -> str:
        """`Name <a@b>` or `a@b`; empty where there is none."""
        written = self.text(name)
        try:
            return read_mailbox(written) if written else ""
        except ValueError as problem:
            message = Phrase(
                "`%(field)s` must be a mailbox such as `Ada <ada@example.org>`: %(why)s",
                {"field": name, "why": str(problem)},
            )
            self.note(name, "DL104", message)
            return ""

    def tracking(self, name: str) -> Tracking:
        match self.choice(name, ("on", "ask", "off")):
            case "ask" | "off" as stricter:
                return stricter
            case _:
                return "on"

    def colour(self, name: str) -> str:
        """`#2e6b4f`, or nothing."""
        value = str(self._values.get(name, "")).lower()
        if name in self._values and not COLOUR.fullmatch(value):
            # Without quotes it would be a comment, of which nothing is left here.
            message = Phrase('`%(field)s` must be a colour in quotes, such as "#2e6b4f".', {"field": name})
            self.note(name, "DL104", message)
            return ""
        return value

    def number(self, name: str, *, default: int | None = None, least: int = 1) -> int | None:
        value = self._values.get(name)
        if not value:
            return default
        if not re.fullmatch(r"0|[1-9][0-9]{0,8}", str(value)) or int(value) < least:
            message = Phrase(
                "`%(field)s` must be a whole number of at least %(least)s.", {"field": name, "least": least}
            )
            self.note(name, "DL104", message)
            return default
        return int(value)

    def slugs(self, name: str) -> tuple[str, ...]:
        """One slug, or a list of them."""
        value = self._values.get(name) or []
        entries = value if isinstance(value, list) else [value]
        if not all(isinstance(entry, str) and SLUG.fullmatch(entry) for entry in entries):
            message = Phrase(
                "`%(field)s` must be a slug, or a list such as `[first-steps, second-steps]`.", {"field": name}
            )
            self.note(name, "DL104", message)
            return ()
        return tuple(entries)

    def reasons(self, name: str) -> Mapping[str, str]:
        """Read a field of names with one line of text each, such as `unchecked`: name to text."""
        value = self._values.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(why, str) for why in value.values()):
            message = Phrase(
                "`%(field)s` must hold lines such as `DL204: the talk is long on purpose`.", {"field": name}
            )
            self.note(name, "DL104", message)
            return {}
        return {str(key): why.strip() for key, why in value.items()}

    def weekdays(self, name: str, language: str) -> frozenset[int]:
        value = self._values.get(name)
        if value is None:
            return EVERY_DAY
        try:
            return read_weekdays(value, language)
        except ValueError as problem:
            message = Phrase(
                "`%(field)s` names days, such as `mon-fri`, `mon, tue` or `weekends`; `%(word)s` is none.",
                {"field": name, "word": str(problem)},
            )
            self.note(name, "DL104", message)
            return EVERY_DAY

    def span(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        value = self.text(name)
        if not value:
            return default
        found = re.fullmatch(r"(\d{1,3})\s*[-–]\s*(\d{1,3})", value)
        if not found or int(found[1]) > int(found[2]):
            self.note(name, "DL104", Phrase("`%(field)s` must be a span such as `15-20`.", {"field": name}))
            return default
        return int(found[1]), int(found[2])


def nearest(word: str, known: Iterable[str]) -> Phrase:
    """`did you mean ...`, or all that are known where none is near."""
    names = {name.casefold(): name for name in known}
    close = get_close_matches(word.casefold(), names, n=1, cutoff=0.6)
    if close:
        return Phrase("did you mean `%(name)s`", {"name": names[close[0]]})
    return Phrase("known are %(names)s", {"names": ", ".join(names.values())})


def _line(problem: Exception, source: str) -> int:
    """Where to look. What was never closed is found missing at the end: then where it was opened."""
    if isinstance(problem, yaml.reader.ReaderError):
        return source.count("\n", 0, problem.position) + 2
    end = source.rstrip().count("\n") + 1
    marks = [getattr(problem, name, None) for name in ("problem_mark", "context_mark")]
    lines = [mark.line for mark in marks if mark is not None]
    return next((line for line in lines if line < end), end - 1) + 2
