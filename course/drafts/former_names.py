"""The line `was:` of a lesson's front matter, written so that every other letter of the text stays."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from course.content.files.frame import FRONT_MATTER, frame_of
from course.content.files.values import is_readable, read_values
from course.content.frontmatter import Fields
from course.errors import Refused
from course.language.words import Phrase

WAS = "was"


def former_names(path: str, text: str) -> tuple[str, ...]:
    return Fields(path, text).slugs(WAS)


def with_was(path: str, text: str, names: Sequence[str]) -> str:
    """The text with these former names, of which there is at least one.

    Raises Refused where the front matter cannot be read, or is written in a way that takes no further line.
    """
    try:
        rest = _rest(text)
        changed = _changed(text, names)
        if not _is_open(text) and former_names(path, changed) == tuple(names) and _rest(changed) == rest:
            return changed
    except (yaml.YAMLError, RecursionError):
        pass
    raise Refused(
        Phrase(
            "The front matter of `%(file)s` cannot take a line `was:` as it stands. Look at the findings in it,"
            " or write the line with the text editor, then rename it.",
            {"file": path},
        )
    )


def _is_open(text: str) -> bool:
    return frame_of(text) is not None and FRONT_MATTER.match(text) is None


def _changed(text: str, names: Sequence[str]) -> str:
    line = f"{WAS}: {names[0]}" if len(names) == 1 else f"{WAS}: [{', '.join(names)}]"
    found = FRONT_MATTER.match(text)
    if found is None:
        return f"---\n{line}\n---\n{text}"
    start, end, indent = _place(found[1])
    if start == end:
        line = f"{' ' * indent}{line}\n"
    return text[: found.start(1) + start] + line + text[found.start(1) + end :]


def _place(source: str) -> tuple[int, int, int]:
    """Return where the field begins and ends; else the end, and how far the other fields are indented."""
    node = yaml.compose(source, Loader=yaml.BaseLoader)
    fields = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in reversed(fields):  # of two equal ones the last counts
        if key.value == WAS:
            start = key.start_mark.index
            return start, start + len(source[start : _end(value)].rstrip()), 0
    return len(source), len(source), fields[0][0].start_mark.column if fields else 0


def _end(value: yaml.Node) -> int:
    """A list over several lines ends where its last entry does, before any remark that follows."""
    last = value.value[-1] if isinstance(value, yaml.SequenceNode) and not value.flow_style else value
    return int(last.end_mark.index)


def _rest(text: str) -> tuple[Mapping[str, Any], str]:
    """All other fields, and the body. Raises YAMLError for fields that are not read as they stand."""
    found = FRONT_MATTER.match(text)
    if found is None:
        return {}, text.strip()
    if not is_readable(found[1]):
        raise yaml.YAMLError("no list of fields")
    fields = {name: value for name, value in read_values(found[1]).values.items() if name != WAS}
    return fields, text[found.end() :].strip()
