"""The lines that each block stands on."""

import pytest

from course.content.markup.nodes import Node
from course.content.markup.structure import first_blocks, structure


def lines(text: str) -> list[tuple[str, int, int]]:
    return [(node.kind, node.first, node.last) for node in structure(text).walk() if node.kind != "document"]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("a\nb\n\nc", [("paragraph", 0, 1), ("paragraph", 3, 3)]),
        ("# a\nb\n---\n***", [("heading", 0, 0), ("heading", 1, 2), ("rule", 3, 3)]),
        ("```\na\n\n```\n\n```\nb\n", [("fence", 0, 3), ("fence", 5, 7)]),
        ("    a\n\n    b\n\n\nc", [("indented", 0, 2), ("paragraph", 5, 5)]),
        ("a\n| b |\n|---|\n| c |\n\nd", [("paragraph", 0, 0), ("table", 1, 3), ("paragraph", 5, 5)]),
        (
            "- a\n\n  b\n- c\n",
            [
                ("list", 0, 3),
                ("item", 0, 2),
                ("paragraph", 0, 0),
                ("paragraph", 2, 2),
                ("item", 3, 3),
                ("paragraph", 3, 3),
            ],
        ),
        ("> a\n>\nb", [("quote", 0, 1), ("paragraph", 0, 0), ("paragraph", 2, 2)]),
        ("[^a]: b\n    c\n\nd", [("note", 0, 1), ("paragraph", 0, 1), ("paragraph", 3, 3)]),
        ("a\r\nb\rc", [("paragraph", 0, 2)]),
        ("", []),
    ],
)
def test_each_block_knows_its_lines(text: str, blocks: list[tuple[str, int, int]]) -> None:
    assert lines(text) == blocks


def test_lists_with_blank_lines_between_their_items_are_loose() -> None:
    def loose(text: str) -> bool:
        (found,) = structure(text).children
        return found.loose

    assert loose("- a\n\n- b")
    assert loose("- a\n\n  b")
    assert not loose("- a\n- b\n\n")
    assert not loose("- a\n  - b\n\n    c\n- d")


def test_the_first_blocks_of_a_text_are_whole() -> None:
    text = "One.\n\n```\na\n\nb\n```\nTwo.\n\nThree."
    assert first_blocks(text, 2) == "One.\n\n```\na\n\nb\n```"
    assert first_blocks(text, 9) == text
    assert first_blocks("", 3) == ""


def test_what_lies_deeper_than_anybody_reads_is_text() -> None:
    def depth(node: Node) -> int:
        return 1 + max(map(depth, node.children), default=0)

    assert depth(structure("> " * 1_000 + "a")) < 40
