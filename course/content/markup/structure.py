"""A text's blocks, line by line, as CommonMark 0.31 finds them (Appendix: A parsing strategy), with GitHub's
tables and footnotes. Raw HTML is text. The time it takes grows with the text, and no faster."""

from course.content.markup import starts
from course.content.markup.cursor import Cursor
from course.content.markup.ends import settle
from course.content.markup.nodes import HOLDERS, Node
from course.content.markup.references import count_definitions
from course.content.markup.starts import INDENTED
from course.content.markup.tables import columns

MOST_NESTED = 24
"""Blocks within blocks; what would lie deeper is text. Nobody reads so deep, and programs that do overflow."""


def structure(text: str) -> Node:
    """The document, with everything in it."""
    reader = _Reader()
    for number, line in enumerate(lines_of(text)):
        reader.read(number, Cursor(line))
    document = reader.open[0]
    settle(document)
    return document


def lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def first_blocks(text: str, count: int) -> str:
    """The lines of so many blocks at the beginning of a text, such as paragraphs."""
    blocks = structure(text).children[:count]
    return "\n".join(lines_of(text)[: blocks[-1].last + 1]) if blocks else ""


def code_lines(document: Node) -> set[int]:
    """The lines that show code, with those of its fences."""
    code = (node for node in document.walk() if node.kind in ("fence", "indented"))
    return {line for node in code for line in range(node.first, node.last + 1)}


class _Reader:
    """`open` are the blocks that may go on, each within the one before it."""

    def __init__(self) -> None:
        self.open = [Node("document", 0, 0)]
        self._still = False

    @property
    def tip(self) -> Node:
        return self.open[-1]

    def read(self, number: int, line: Cursor) -> None:
        if line.blank and self._still:
            return
        # One blank line after another changes nothing, but in code.
        self._still = line.blank and self.tip.kind not in ("fence", "indented")
        if self.tip.kind == "paragraph" and _is_defined(self.tip) and not line.words.startswith(('"', "'", "(")):
            self.open.pop()
        depth = self._go_on(number, line)
        if depth < 0:
            return
        going_on = self.open[depth - 1]
        if going_on.kind not in ("fence", "indented"):
            depth = self._begin(number, line, depth)
        if depth < 0:
            return
        self._add_text(number, line, depth)

    def _go_on(self, number: int, line: Cursor) -> int:
        """How many of the open blocks this line goes on with; below 0 if it ended a fence."""
        for depth, node in enumerate(self.open[1:], 1):
            if node.kind == "fence" and starts.ends_fence(line, node.mark):
                node.last, node.closed = node.first + len(node.lines) + 1, True
                del self.open[depth:]
                return -1
            if not goes_on(node, line):
                return depth
            if node.kind == "quote":
                node.last = number
        return len(self.open)

    def _begin(self, number: int, line: Cursor, depth: int) -> int:
        """Begin what this line begins; how many blocks are open for its words then, below 0 if it has none."""
        while not line.blank:
            within = self.open[depth - 1]
            paragraph = within.kind == "paragraph"
            if paragraph and len(self.open) == depth and self._becomes(within, number, line):
                return -1
            if line.indent >= INDENTED:
                if self.tip.kind == "paragraph":
                    return depth
                line.skip(INDENTED)
                self._put(Node("indented", number, number), depth)
                return len(self.open)
            if not self._begins_leaf(number, line, depth):
                if len(self.open) > MOST_NESTED or not self._begins_holder(number, line, depth, paragraph):
                    return depth
                depth = len(self.open)
                continue
            return -1
        return depth

    def _becomes(self, paragraph: Node, number: int, line: Cursor) -> bool:
        """Whether this line makes the paragraph above it a heading or, of its last line, a table."""
        if line.indent >= INDENTED:
            return False
        if (found := starts.UNDERLINE.match(line.words)) and count_definitions(paragraph.lines) < len(
            paragraph.lines
        ):
            paragraph.kind, paragraph.number = "heading", 1 if found[1][0] == "=" else 2
            paragraph.last = number
            self.open.pop()
            return True
        if align := columns(paragraph.lines[-1], line.words):
            head = paragraph.lines.pop()
            self.open.pop()
            if not paragraph.lines:
                self.tip.children.pop()
            else:
                paragraph.last -= 1
            table = Node("table", number - 1, number, lines=[head], align=align)
            self._put(table, len(self.open))
            return True
        return False

    def _begins_leaf(self, number: int, line: Cursor, depth: int) -> bool:
        words = line.words
        if words[0] == "#" and (heading := starts.heading(words)):
            level, text = heading
            self._put(Node("heading", number, number, lines=[text], number=level), depth)
            self.open.pop()
        elif words[0] in "`~" and (found := starts.FENCE.match(words)):
            self._put(Node("fence", number, number, column=line.indent, mark=found[1]), depth)
        elif words[0] in "*_-" and starts.is_rule(words):
            self._put(Node("rule", number, number), depth)
            self.open.pop()
        else:
            return False
        return True

    def _begins_holder(self, number: int, line: Cursor, depth: int, within_paragraph: bool) -> bool:
        beside = self.open[depth - 1]
        at_the_top = depth == 1 + (beside.kind in ("list", "paragraph"))
        if line.words[0] == ">":
            line.take(1)
            line.skip(1)
            self._put(Node("quote", number, number), depth)
        elif at_the_top and (note := starts.NOTE.match(line.words)):
            line.take(note.end())
            line.skip(line.indent)
            self._put(Node("note", number, number, mark=note[1]), depth)
        elif found := starts.bullet(line.words, within_paragraph):
            column = starts.enter_item(line, found)
            if beside.kind != "list" or beside.mark != found.mark:
                self._put(Node("list", number, number, mark=found.mark, number=found.number), depth)
                depth = len(self.open)
            self._put(Node("item", number, number, column=column), depth)
        else:
            return False
        return True

    def _add_text(self, number: int, line: Cursor, depth: int) -> None:
        tip = self.tip
        if depth < len(self.open) and tip.kind == "paragraph" and not line.blank:
            tip.lines.append(line.words)  # lazily: without the marks of what it stands in
            tip.last = number
            return
        del self.open[depth:]
        tip = self.tip
        if tip.kind in ("fence", "indented"):
            tip.lines.append(line.rest)
        elif tip.kind in ("paragraph", "table") and not line.blank:
            tip.lines.append(line.words)
            tip.last = number
        elif not line.blank:
            self._put(Node("paragraph", number, number, lines=[line.words]), depth)

    def _put(self, node: Node, depth: int) -> None:
        """Close what is open beyond the depth, and open this within the rest."""
        del self.open[depth:]
        if self.tip.kind == "list" and node.kind != "item":
            self.open.pop()
        if self.tip.kind not in HOLDERS:
            self.open.pop()
        self.tip.children.append(node)
        self.open.append(node)


def goes_on(node: Node, line: Cursor) -> bool:
    """Whether the line goes on with the block. What belongs to the block is left out of the line."""
    match node.kind:
        case "quote":
            if line.indent >= INDENTED or not line.words.startswith(">"):
                return False
            line.take(1)
            line.skip(1)
        case "item":
            if not line.blank and line.indent < node.column:
                return False
            line.skip(node.column)
            # An item may begin with one blank line, not with two.
            return not line.blank or bool(node.children)
        case "note":
            if not line.blank and line.indent < INDENTED:
                return False
            line.skip(INDENTED)
        case "fence":
            line.skip(node.column)
        case "indented":
            if not line.blank and line.indent < INDENTED:
                return False
            line.skip(INDENTED)
        case "paragraph":
            return not line.blank
        case "table":
            return not line.blank and line.indent < INDENTED
        case _:
            pass
    return True


def _is_defined(paragraph: Node) -> bool:
    """Whether it is a whole definition, to which nothing can be added but a title."""
    return paragraph.lines[0][0] == "[" and count_definitions(paragraph.lines[:3]) == len(paragraph.lines)
