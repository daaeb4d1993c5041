"""Where each block ends once all lines are read, and which lists stand apart."""

from itertools import pairwise

from course.content.markup.nodes import HOLDERS, Node


def settle(node: Node) -> None:
    """Where each block ends, and which lists have blank lines between their items."""
    for child in node.children:
        settle(child)
    if node.kind == "fence" and not node.closed:
        node.last += len(node.lines)
    elif node.kind == "indented":
        while node.lines and not node.lines[-1].strip():
            node.lines.pop()
        node.last = node.first + len(node.lines) - 1
    elif node.kind in HOLDERS and node.children:
        node.last = max(node.last, node.children[-1].last)
    if node.kind == "list":
        node.loose = any(map(_holds_gap, (node, *node.children)))


def _holds_gap(node: Node) -> bool:
    return any(other.first > one.last + 1 for one, other in pairwise(node.children))
