"""A lesson's body -> its blocks: prose, films, recordings, documents and checklists."""

import re
from collections import Counter
from hashlib import sha256

from course.content import films, markup
from course.content.course import Block, Checklist, ChecklistItem, Prose, Recording
from course.content.problems import Problem

ITEM_LINE = re.compile(r"\s{0,3}[-*+] \[[ xX]\] (.*\S)\s*")


def parse_blocks(path: str, body: str, first_line: int) -> tuple[tuple[Block, ...], tuple[Problem, ...]]:
    """Splits a body at its films, recordings, documents and checklists; code fences are left alone."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    prose: list[str] = []
    items: list[str] = []
    seen: Counter[str] = Counter()
    fences = markup.fenced_lines(body)
    alone = films.standing(body.split("\n"), fences)
    before = ""

    def close() -> None:
        if "".join(prose).strip():
            blocks.append(Prose("\n".join(prose).strip("\n") + "\n"))
        if items:
            blocks.append(_checklist(items, seen))
        prose.clear()
        items.clear()

    for number, line in enumerate(body.split("\n"), first_line):
        fenced = number - first_line in fences
        if not fenced and (found := ITEM_LINE.fullmatch(line)):
            if not items:
                close()
            items.append(found[1])
        elif items and before.strip() and line.strip() and line.startswith((" ", "\t")):
            items[-1] += f" {line.strip()}"  # an item that goes on, indented, on the next line
        elif shown := alone.get(number - first_line):
            close()
            blocks.append(shown)
            if isinstance(shown, Recording):
                problems.extend(
                    Problem(path, number, code, message) for code, message in films.wrong_with(line, shown)
                )
        elif items and not line.strip():
            continue
        else:
            if items:
                close()
            prose.append(line)
        before = line
    close()
    return tuple(blocks), tuple(problems)


def _checklist(texts: list[str], seen: Counter[str]) -> Checklist:
    """Keys come from the words alone; the second of two equal items of a lesson gets a `-2`."""
    items: list[ChecklistItem] = []
    for text in texts:
        normal = re.sub(r"\W+", " ", text.casefold()).strip()
        key = sha256(normal.encode()).hexdigest()[:10]
        seen[key] += 1
        items.append(ChecklistItem(f"{key}-{seen[key]}" if seen[key] > 1 else key, text))
    return Checklist(tuple(items))
