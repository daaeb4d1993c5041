"""A lesson's body -> its blocks: prose, films, recordings, documents and checklists."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from course.content import films
from course.content.course import Block, Checklist, ChecklistItem, Prose, Recording
from course.content.films import Standing
from course.content.markup.nodes import Node
from course.content.markup.references import References, count_definitions, mentioned, references_of
from course.content.markup.structure import lines_of, structure
from course.content.problems import Problem
from course.content.tasks import item_of, owners, tasks_in


def parse_blocks(path: str, body: str, first_line: int) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Splits a body at its films, recordings, documents and checklists. Footnotes come after all else."""
    document, lines = structure(body), lines_of(body)
    alone = standing(document, lines)
    pieces = _Pieces()
    items = _items(document, lines)
    notes, defined = _notes(document), _definitions(document)
    for number, line in enumerate(lines):
        if number in items:
            pieces.tick(items[number])
        elif shown := alone.get(number):
            pieces.show(shown)
        elif number not in notes and number not in defined:
            pieces.say(line)
    pieces.say_all(lines[number] for number in notes)
    problems = (
        Problem(path, first_line + number, code, message)
        for number, shown in alone.items()
        if isinstance(shown, Recording)
        for code, message in films.wrong_with(lines[number], shown)
    )
    return _with_references(pieces.blocks, references_of(document)), tuple(problems)


def standing(document: Node, lines: list[str]) -> dict[int, Standing]:
    """What stands on a line of its own in an ordinary paragraph, by the number of the line."""
    own = {
        line for node in document.children if node.kind == "paragraph" for line in range(node.first, node.last + 1)
    }
    return films.standing(lines, set(range(len(lines))) - own)


def _items(document: Node, lines: list[str]) -> dict[int, ChecklistItem | None]:
    """The items by the line they begin on; their other lines with None."""
    tasks = tasks_in(document)
    owned: dict[int, list[int]] = {at: [] for at in range(len(tasks))}
    for line, at in sorted(owners(tasks).items()):
        owned[at].append(line)
    seen: Counter[str] = Counter()
    items: dict[int, ChecklistItem | None] = {}
    for at, task in enumerate(tasks):
        first, *others = owned[at]
        items[first] = item_of(task, [(line, lines[line]) for line in owned[at]], seen)
        items.update(dict.fromkeys(others))
    return items


def _notes(document: Node) -> dict[int, Node]:
    """The lines of footnotes, in order: they are shown at the end."""
    notes = (node for node in document.children if node.kind == "note")
    return {line: node for node in notes for line in range(node.first, node.last + 1)}


def _definitions(document: Node) -> set[int]:
    """The lines that say where links lead, and show nothing."""
    paragraphs = (node for node in document.children if node.kind == "paragraph")
    return {node.first + at for node in paragraphs for at in range(count_definitions(node.lines))}


class _Pieces:
    """The blocks so far, and what will be the next one."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._prose: list[str] = []
        self._items: list[ChecklistItem] = []

    def tick(self, item: ChecklistItem | None) -> None:
        if item is not None:
            self._end_prose()
            self._items.append(item)

    def show(self, shown: Standing) -> None:
        self._end_prose()
        self._end_items()
        self.blocks.append(shown)

    def say(self, line: str) -> None:
        # Blank lines between items part nothing.
        if line.strip() or not self._items:
            self._end_items()
            self._prose.append(line)

    def say_all(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._end_items()
            self._prose.append(line)
        self._end_prose()
        self._end_items()

    def _end_prose(self) -> None:
        if "".join(self._prose).strip():
            self.blocks.append(Prose("\n".join(self._prose).strip("\n") + "\n"))
        self._prose.clear()

    def _end_items(self) -> None:
        if self._items:
            self.blocks.append(Checklist(tuple(self._items)))
        self._items.clear()


def _with_references(blocks: list[Block], whole: References) -> tuple[Block, ...]:
    """What is defined anywhere in the file holds in each of its blocks."""
    told: set[str] = set()

    def known(text: str) -> References:
        first = {label for label in mentioned(text) if label in whole.notes} - told if whole.notes else set()
        told.update(first)
        return replace(whole, first=frozenset(first))

    found: list[Block] = []
    for block in blocks:
        match block:
            case Prose(markdown):
                found.append(Prose(markdown, known(markdown)))
            case Checklist(items):
                found.append(
                    Checklist(
                        tuple(replace(item, references=known(f"{item.markdown}\n{item.more}")) for item in items)
                    )
                )
            case _:
                found.append(block)
    return tuple(found)
