"""Lines of front matter that YAML cannot read, or reads otherwise than they were meant: what to write instead."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from course.content.files.frame import FIELD
from course.language.words import Phrase

SMART_QUOTES = re.compile(r"[“”„‟«»‘’‚‛](.*)[“”„‟«»‘’‚‛]", flags=re.S)
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")
SPECIAL = "[]{}&*!|>%@`,?#-"
LONGEST_SHOWN = 300
NEW_FIELD = re.compile(r"^(?=[^\s#\]}-]|-(?![ \n]))", flags=re.M)
TAB = re.compile(r"[ ]*\t[ \t]*(?=\S)")


@dataclass(frozen=True, slots=True)
class Mend:
    """`line` is counted from 0; `text` is what to write there, also for the `swallowed` lines that follow it."""

    line: int
    text: str
    why: Phrase
    swallowed: int = 0

    @property
    def message(self) -> Phrase:
        if len(self.text) > LONGEST_SHOWN:
            return self.why
        return Phrase("%(why)s Write `%(line)s`.", {"why": self.why, "line": self.text.strip("\n")})


def mends(source: str, reads: Callable[[str], bool]) -> tuple[Mend, ...]:
    """The lines to write anew, so that the source can be read. `reads` tells whether YAML takes a text so."""
    lines = source.split("\n")
    tabs = {mend.line: mend for mend in _tabs(lines)}
    lines = [tabs[at].text if at in tabs else line for at, line in enumerate(lines)]
    first, found = 0, tabs
    for chunk in NEW_FIELD.split("\n".join(lines)):
        if chunk.strip() and not reads(chunk):
            for mend in _mended(chunk.rstrip("\n").split("\n"), reads):
                line = first + mend.line
                found[line] = Mend(line, mend.text, mend.why, mend.swallowed)
        first += chunk.count("\n")
    return tuple(found[line] for line in sorted(found))


def with_mends(source: str, found: Sequence[Mend]) -> str:
    """The source with these lines in place; it has as many lines as before."""
    lines = source.split("\n")
    for mend in found:
        lines[mend.line : mend.line + 1 + mend.swallowed] = [mend.text, *[""] * mend.swallowed]
    return "\n".join(lines)


def quoted(value: str) -> str:
    """The value in the quotes that need the fewest changes."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    if "'" not in value:
        return f"'{value}'"
    return '"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))


def _tabs(lines: Sequence[str]) -> Iterator[Mend]:
    """YAML is indented by spaces: two below a field that has no value of its own, none otherwise."""
    below = False
    for at, line in enumerate(lines):
        if found := TAB.match(line):
            text = f"{'  ' if below else ''}{line[found.end() :]}"
            yield Mend(at, text, Phrase("A tab stands at the beginning of this line, where only spaces may."))
        elif line.strip():
            below = line.rstrip().endswith(":")


def _mended(chunk: Sequence[str], reads: Callable[[str], bool]) -> Iterator[Mend]:
    """A field with the lines that go with it: one text over several lines, or fields below it."""
    fields = [at for at, line in enumerate(chunk) if FIELD.match(line)]
    if fields == [0]:
        yield from _line(0, " ".join(line.strip() for line in chunk), len(chunk) - 1)
    else:
        for at in fields:
            if not reads(chunk[at].strip()):
                yield from _line(at, chunk[at], 0)


def _line(at: int, line: str, swallowed: int) -> Iterator[Mend]:
    found = FIELD.match(line)
    if found:
        rest = line[found.end() :].strip()
        why = _why(found["sign"], rest)
        name = found["name"].strip("\"'")
        # What needs no quotes gets none: only the sign before it was wrong.
        plain = re.fullmatch(r"[\w(][^:#\x00-\x1f]*", rest) or re.fullmatch(r"\"[^\"\\]*\"", rest)
        yield Mend(at, f"{found['indent']}{name}: {rest if plain else quoted(_meant(rest))}", why, swallowed)


def _meant(rest: str) -> str:
    """The words without what was to be quotes, and without what nobody sees."""
    rest = UNSEEN.sub(" ", rest.replace("\t", " ")).strip(" \xa0")
    if found := SMART_QUOTES.fullmatch(rest):
        return found[1]
    return rest.removeprefix('"') if rest.count('"') == 1 else rest


def _why(sign: str, rest: str) -> Phrase:
    if "=" in sign or "：" in sign or not sign.endswith(" ") or "\t" in sign:
        return Phrase("Between a field's name and its value stand a colon and a plain space.")
    if UNSEEN.search(rest):
        return Phrase("There is a control character in this line, which nobody sees.")
    if rest.startswith(('"', "'")):
        return Phrase("The quotes at the beginning do not end where the value ends.")
    if rest.startswith(tuple(SPECIAL)):
        return Phrase("At the beginning of a value, `%(sign)s` has a meaning of its own here.", {"sign": rest[0]})
    return Phrase("Inside a value, a colon and a space need quotes around all of it.")
