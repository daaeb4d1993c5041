"""The tasks of a text, in whatever list they stand."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from course.content.course import ChecklistItem
from course.content.markup.cursor import Cursor
from course.content.markup.nodes import Node
from course.content.markup.structure import goes_on

MARK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
MINUTES = re.compile(r"\((\d{1,3})\s*(?:min\.?|mins\.?|minutes?|minuten?|minutos?)\)\s+(?=\S)", flags=re.I)
SPACES = re.compile(r"[ \t]*\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Task:
    """An item with a box. `within` are the blocks around its words, the item last; `depth` how many tasks are."""

    item: Node
    within: tuple[Node, ...]
    depth: int


def tasks_in(document: Node) -> list[Task]:
    """All of them in the order of the text; those of footnotes are none."""
    return [task for block in document.children if block.kind != "note" for task in _tasks(block, (), 0)]


def _tasks(node: Node, around: tuple[Node, ...], depth: int) -> Iterator[Task]:
    within = (*around, node)
    if _is_task(node):
        yield Task(node, within, depth)
        depth += 1
    for child in node.children:
        yield from _tasks(child, within, depth)


def _is_task(node: Node) -> bool:
    first = node.children[0] if node.kind == "item" and node.children else node
    return first is not node and first.kind == "paragraph" and bool(MARK.match(first.text))


def owners(tasks: Sequence[Task]) -> dict[int, int]:
    """Which lines belong to which task; to the inner one, where one is within another."""
    return {line: at for at, task in enumerate(tasks) for line in range(task.item.first, task.item.last + 1)}


def item_of(task: Task, lines: Sequence[tuple[int, str]], seen: Counter[str]) -> ChecklistItem:
    """The item, from the lines that belong to it. Keys come from the words alone, so that an item may move; the
    second of two equal ones of a lesson gets a `-2`."""
    paragraph = task.item.children[0]
    words = SPACES.sub(" ", MARK.sub("", paragraph.text, count=1)).strip()
    normal = re.sub(r"\W+", " ", words.casefold()).strip()
    key = sha256(normal.encode()).hexdigest()[:10]
    seen[key] += 1
    own_time = MINUTES.match(words)
    rest = "\n".join(_within(line, task.within) for number, line in lines if number > paragraph.last).strip("\n")
    return ChecklistItem(
        key=f"{key}-{seen[key]}" if seen[key] > 1 else key,
        markdown=words,
        more=rest.strip("\n"),
        minutes=int(own_time[1]) if own_time else 1,
        depth=task.depth,
    )


def _within(line: str, holders: tuple[Node, ...]) -> str:
    """What is left of a line without the marks and the indentation of what it stands in."""
    left = Cursor(line)
    for holder in holders:
        goes_on(holder, left)
    return left.rest
