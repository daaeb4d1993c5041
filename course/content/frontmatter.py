"""Front matter of a course's files: typed fields, each problem at its line."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from course.addresses.mailbox import read_mailbox
from course.addresses.marks import one_line
from course.content.colour import COLOUR
from course.content.files.foreign_fields import is_foreign, meant_by
from course.content.files.frame import Frame, frame_of
from course.content.files.mending import quoted
from course.content.files.values import read_values
from course.content.problems import Problem
from course.content.slugs import SLUG
from course.content.weekdays import EVERY_DAY, read_weekdays
from course.language.words import Phrase
from course.tracking import Tracking

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S.{0,100})$", flags=re.M)


class Fields:
    """One file's front matter. Reading a field notes what is wrong with it in `problems`."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        found = frame_of(text)
        self._has_matter = found is not None
        frame = found or Frame("", 1, 0)
        read = read_values(frame.source)
        self._values = dict(read.values)
        self._lines = {name: frame.first_line + at for name, at in read.lines.items()}
        self._written = frame.source.split("\n")
        self._first_line = frame.first_line
        self.body = text[frame.end :]
        self.body_line = text.count("\n", 0, frame.end) + 1
        self.problems = [Problem(path, line, "DL101", message) for line, message in frame.problems]
        self.problems += [Problem(path, frame.first_line + at, code, message) for at, code, message in read.slips]

    def line_of(self, name: str) -> int:
        return self._lines.get(name, 1)

    def _value_in(self, name: str) -> str:
        """What stands behind a field's colon on its line, as it is written."""
        line = self._written[self.line_of(name) - self._first_line] if name in self._lines else ""
        return line.partition(":")[2].strip()

    def note(self, name: str, code: str, message: Phrase) -> None:
        self.problems.append(Problem(self.path, self.line_of(name), code, message))

    def allow_only(self, names: Iterable[str]) -> None:
        """Note the fields of other names. One that nearly has a known name is taken for it, so that its value is
        not said to be missing."""
        known = tuple(names)
        for name in [name for name in self._values if name not in known]:
            near = meant_by(name, known) or next(iter(_close(name, known)), "")
            line = {"field": name, "line": f"{near}: {self._value_in(name)}".strip()}
            if near and near == name.casefold():
                self.note(name, "DL103", Phrase("Names of fields have small letters: write `%(line)s`.", line))
            else:
                message = Phrase(
                    "`%(field)s` is not a known field; %(hint)s.",
                    {"field": name, "hint": _hint(name, near, known)},
                )
                self.note(name, "DL103", message)
            if near and near not in self._values:
                self._values[near] = self._values[name]
                self._lines[near] = self.line_of(name)

    def text(self, name: str, *, required: bool = False, default: str = "") -> str:
        value = self._values.get(name)
        if value is None or value == "":
            if required:
                self.note(name, "DL102", self._missing(name))
            return default
        if isinstance(value, (dict, list)):
            self.note(name, "DL104", self._no_text(name))
            return default
        # A control character here would end up in a mail's headers.
        return one_line(value)

    def _missing(self, name: str) -> Phrase:
        if self._has_matter or name != "title":
            return Phrase(
                "`%(field)s` is missing; add a line `%(field)s: ...` to the front matter.", {"field": name}
            )
        heading = HEADING.search(self.body)
        return Phrase(
            "The file has no front matter: begin it with the three lines `---`, `%(line)s` and `---`.",
            {"line": f"title: {quoted(heading[1].strip())}" if heading else f"{name}: ..."},
        )

    def _no_text(self, name: str) -> Phrase:
        if written := self._value_in(name):
            return Phrase(
                "`%(field)s` must be a line of text: write `%(line)s`.",
                {"field": name, "line": f"{name}: {quoted(written)}"},
            )
        return Phrase("`%(field)s` must be a line of text.", {"field": name})

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
            shade = re.match(r"[“”„\"']?(#[0-9a-f]{6})", self._value_in(name), flags=re.I)
            message = Phrase(
                "`%(field)s` must be a colour in quotes: write `%(line)s`.",
                {"field": name, "line": f'{name}: "{shade[1] if shade else "#2e6b4f"}"'},
            )
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
    names = tuple(known)
    for near in _close(word, names):
        return Phrase("did you mean `%(name)s`", {"name": near})
    return Phrase("known are %(names)s", {"names": ", ".join(names)})


def _close(word: str, known: Iterable[str]) -> list[str]:
    names = {name.casefold(): name for name in known}
    return [names[close] for close in get_close_matches(word.casefold(), names, n=1, cutoff=0.6)]


def _hint(name: str, near: str, known: tuple[str, ...]) -> Phrase:
    if near and near in meant_by(name, known):
        return Phrase("here it is `%(name)s`", {"name": near})
    if is_foreign(name):
        return Phrase("other programs read it, and nothing here does: take the line out")
    return nearest(name, known)
