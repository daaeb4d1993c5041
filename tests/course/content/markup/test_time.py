"""No text is so tangled that reading it takes more than in proportion to its length."""

import gc
import time

import pytest

from course.content.blocks import parse_blocks
from course.content.markup.html import to_html

SHAPES = {
    "words": "word ", "stars": "*a* ", "open stars": "*a ", "stars alone": "*", "stars and lines": "*_",
    "three stars": "***a ", "lines": "_a ", "tildes": "~~a ", "ticks": "`a ", "ticks alone": "`",
    "brackets": "[", "closing brackets": "]", "links": "[a](b) ", "open links": "[a](", "open titles": '[a](b "',
    "open angles": "[a](<b", "pictures": "![a](b) ", "references": "[a][b] ", "nested references": "[[a] ",
    "definitions": "[a]: b\n", "open definitions": "[a\n", "autolinks": "<https://a.b> ", "angles": "<",
    "addresses": "https://a.bc ", "entities": "&amp; ", "ampersands": "&", "backslashes": "\\", "escapes": "\\* ",
    "quotes": ">", "quoted lines": "> a\n", "items": "- a\n", "empty items": "-\n", "items in items": "- ",
    "tasks": "- [ ] a\n", "numbers": "1. a\n", "headings": "# a\n", "hashes": "#", "underlines": "a\n=\n",
    "rules": "***\n", "broken rules": "* * a", "fences": "```\na\n```\n", "open fences": "```\n",
    "code": "    a\n",
    "blank lines": "\n", "spaces": " ", "tabs": "\t", "paragraphs": "a\n\n", "strokes": "|", "cells": "| a ",
    "rows": "| a |\n", "tables": "|a|\n|-|\n\n", "footnotes": "[^a]\n\n[^a]: x\n\n", "names": "{{ name }} ",
    "straight quotes": '"a" ', "apostrophes": "'a ", "dashes": "-- ", "points": "... ", "tags": "<b>a</b> ",
    "films": '![a](media/a.mp4 "1:00")\n\n',
}  # fmt: skip
SHORT, LONG = 4_000, 32_000
"""Characters. What grows with the square takes 64 times as long; what does not, 8 times, and a bit."""
MOST = 24


def seconds(text: str) -> float:
    """The CPU time that it takes to read and show a lesson with this text: the better of two."""
    taken: list[float] = []
    # What other tests have left in memory is not to be looked through meanwhile.
    gc.disable()
    for _ in range(2):
        begun = time.process_time()
        parse_blocks("1-first.md", text, 1)
        to_html(text)
        taken.append(time.process_time() - begun)
    gc.enable()
    return min(taken)


@pytest.mark.parametrize("shape", SHAPES)
def test_eight_times_the_text_takes_no_more_than_in_proportion(shape: str) -> None:
    piece = SHAPES[shape]
    short, long = (piece * (length // len(piece)) for length in (SHORT, LONG))
    assert seconds(long) < MOST * seconds(short)


def test_a_tangle_that_grows_takes_no_longer() -> None:
    def ticks(length: int) -> str:
        return "".join("`" * count + " " for count in range(1, int((2 * length) ** 0.5)))

    def quotes(length: int) -> str:
        return "\n".join(">" * depth + " a" for depth in range(1, int((2 * length) ** 0.5)))

    def nested(length: int) -> str:
        return "[" * (length // 2) + "]" * (length // 2)

    for grown in (ticks, quotes, nested):
        assert seconds(grown(LONG)) < MOST * seconds(grown(SHORT)), grown.__name__
