"""The fields of a front matter as values, whatever its author wrote: each slip with its line and its remedy."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from course.content.files.frame import FIELD
from course.content.files.mending import SMART_QUOTES, Mend, mends, quoted, with_mends
from course.language.words import Phrase

MOST_LETTERS = 10_000
"""YAML is read slowly, and a summary has a few lines."""
MOST_BRACKETS = 100
"""What is nested deep is read more slowly with each level."""
TEXTS = ("title", "tagline", "summary", "audience", "author", "sender", "subject", "preheader")
"""Fields whose value is words for people: of these nothing may be lost silently."""
NO_LINE_ENDS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")
"""Characters that end a line for YAML, and for no editor."""
REMARK = re.compile(r"[ \t]+#.*")

Slip = tuple[int, str, Phrase]
"""A line of the source, from 0; the code of the finding; what to write."""


@dataclass(frozen=True, slots=True)
class Values:
    values: Mapping[str, Any]
    slips: tuple[Slip, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    """Where each field stands first, from 0."""


class _Nodes(yaml.BaseLoader):
    """Every value as it is written: `language: no` is Norwegian, not False. It is also the loader in Python, since
    the one in C crashes the process on brackets that are nested too deep."""

    def get_single_data(self) -> yaml.Node | None:
        return self.get_single_node()


def read_values(source: str) -> Values:
    """Read the lines between the lines of dashes. What cannot be read as YAML is taken as it was meant."""
    slips: list[Slip] = []
    source = source.translate(NO_LINE_ENDS)
    if len(source) > MOST_LETTERS:
        message = Phrase(
            "The front matter has over %(most)s letters; a summary has a few lines. The rest belongs below it.",
            {"most": MOST_LETTERS},
        )
        source, slips = source[:MOST_LETTERS], [(0, "DL101", message)]
    node, trouble = _node(source)
    if isinstance(node, yaml.MappingNode):
        return _read(node, source, slips)
    if node is None and trouble is None:
        return Values({}, tuple(slips))
    found = mends(source, is_readable)
    slips += [(mend.line, "DL101", mend.message) for mend in found]
    mended = with_mends(source, found)
    node, still = _node(mended)
    if isinstance(node, yaml.MappingNode):
        return _read(node, mended, slips, found)
    if not slips:
        slips.append(_unread(source, trouble or still))
    lines = _lines(source)
    return Values({name: line for name, (_, line) in lines.items()}, tuple(slips), _numbers(source))


def is_readable(source: str) -> bool:
    """Whether these are lines of `name: value` as they stand, with no anchor, alias or tag among them, or none at
    all."""
    node, trouble = _node(source)
    return trouble is None and (node is None or isinstance(node, yaml.MappingNode))


def _unread(source: str, trouble: Exception | None) -> Slip:
    if trouble is None:
        return 0, "DL101", Phrase("The front matter is not a list of `name: value` lines.")
    return _line(trouble, source), "DL101", Phrase("The front matter is not valid YAML.")


def _node(source: str) -> tuple[yaml.Node | None, Exception | None]:
    if source.count("[") + source.count("{") > MOST_BRACKETS:
        return None, yaml.YAMLError("too many brackets")
    try:
        node = YAMLHandler().load(source, Loader=_Nodes)
        if isinstance(node, yaml.MappingNode):
            _plain(node, source)
    except (yaml.YAMLError, RecursionError) as problem:
        return None, problem
    return node, None


def _plain(node: yaml.Node, source: str) -> Any:
    """Texts, lists and mappings by text. Raises YAMLError for a name that is no text, and for an anchor or a tag:
    by anchors a few lines become billions."""
    if source[node.start_mark.index : node.start_mark.index + 1] in ("&", "!"):
        raise yaml.constructor.ConstructorError(None, None, "an anchor or a tag", node.start_mark)
    match node:
        case yaml.MappingNode():
            if wrong := [key for key, _ in node.value if not isinstance(key, yaml.ScalarNode)]:
                raise yaml.constructor.ConstructorError(None, None, "a name that is no text", wrong[0].start_mark)
            return {_plain(key, source): _plain(value, source) for key, value in node.value}
        case yaml.SequenceNode():
            return [_plain(entry, source) for entry in node.value]
        case _:
            return node.value


def _read(node: yaml.MappingNode, source: str, slips: list[Slip], mended: tuple[Mend, ...] = ()) -> Values:
    anew = {mend.line for mend in mended}
    numbers: dict[str, int] = {}
    for key, value in node.value:
        at = source.count("\n", 0, key.start_mark.index)
        if key.value in numbers:
            message = Phrase(
                "`%(field)s` stands above already; of two equal fields only the last would count. Keep one.",
                {"field": key.value},
            )
            slips.append((at, "DL101", message))
        elif key.value in TEXTS and at not in anew:
            slips.extend((at, code, message) for code, message in _lost(key.value, value, source))
        numbers.setdefault(key.value, at)
    return Values(_plain(node, source), tuple(sorted(slips, key=lambda slip: slip[0])), numbers)


def _lost(name: str, value: yaml.Node, source: str) -> Iterator[tuple[str, Phrase]]:
    """What a text loses, or wears, without its author's knowing."""
    if not isinstance(value, yaml.ScalarNode) or value.style is not None:
        return
    rest = source[value.end_mark.index :].partition("\n")[0]
    if found := REMARK.fullmatch(rest):
        written = f"{value.value}{found[0].rstrip() if value.value else found[0].strip()}"
        message = Phrase(
            "`%(field)s` ends before the `#`, for a remark begins there. Write `%(line)s`, or give the remark a"
            " line of its own.",
            {"field": name, "line": f"{name}: {quoted(written)}"},
        )
        yield "DL112", message
    elif found := SMART_QUOTES.fullmatch(value.value):
        message = Phrase(
            "These quotes are part of the text, and readers see them. Write `%(line)s`, or `%(kept)s` to keep"
            " them.",
            {"line": f"{name}: {quoted(found[1])}", "kept": f"{name}: {quoted(value.value)}"},
        )
        yield "DL113", message


def _lines(source: str) -> dict[str, tuple[int, str]]:
    """The fields that stand on one line, as far as a glance can tell: name to line and value."""
    found: dict[str, tuple[int, str]] = {}
    for at, line in enumerate(source.split("\n")):
        field_found = FIELD.match(line)
        if field_found and not field_found["indent"]:
            found.setdefault(field_found["name"].strip("\"'"), (at, line[field_found.end() :].strip()))
    return found


def _numbers(source: str) -> dict[str, int]:
    return {name: at for name, (at, _) in _lines(source).items()}


def _line(problem: Exception, source: str) -> int:
    """Where to look. What was never closed is found missing at the end: then where it was opened."""
    if isinstance(problem, yaml.reader.ReaderError):
        return source.count("\n", 0, problem.position)
    end = source.rstrip().count("\n")
    marks = [getattr(problem, name, None) for name in ("problem_mark", "context_mark")]
    lines = [source.count("\n", 0, mark.index) for mark in marks if mark is not None]
    return next((line for line in lines if line <= end), end)
