"""How much of Markdown a text may hold, and what its author is told where it is more."""

import pytest

from course.content.bounds import MOST_LINES, MOST_SIGNS, too_much
from course.language.words import ENGLISH
from course.lint import lint
from course.lint.draft import draft_of
from tests.course.content.markup.test_time import SHAPES

HEAD = "---\ntitle: T\n---\n"
READ_SOON = {
    "words",
    "names",
    "spaces",
    "tabs",
    "blank lines",
    "straight quotes",
    "apostrophes",
    "dashes",
    "points",
}
READ_SOON |= {"hashes", "backslashes", "items in items"}
"""Shapes that cost little for each character: a megabyte of them is read."""


@pytest.mark.parametrize("shape", SHAPES)
def test_a_megabyte_of_what_costs_time_is_not_read_and_told(shape: str) -> None:
    text = SHAPES[shape] * (1_000_000 // len(SHAPES[shape]))
    assert (too_much(text) is None) == (shape in READ_SOON)


def test_empty_lines_do_not_count_and_the_last_that_may_stand_is_read() -> None:
    assert too_much("a\n\n" * MOST_LINES) is None
    assert too_much("*" * MOST_SIGNS) is None
    lines, signs = too_much("a\n\n" * (MOST_LINES + 1)), too_much("*" * (MOST_SIGNS + 1))
    assert lines is not None
    assert signs is not None
    assert "5001 lines" in ENGLISH.of(lines)
    assert "20001 signs" in ENGLISH.of(signs)


def test_the_rest_of_a_course_is_read_without_the_text_that_holds_too_much() -> None:
    texts = {"course.md": HEAD, "1-a.md": f"{HEAD}Words.\n", "2-b.md": HEAD + "*a* " * MOST_SIGNS}
    draft = draft_of("course", texts, {})
    assert [lesson.slug for lesson in draft.course.lessons] == ["a"]
    assert [problem.path for problem in lint(draft) if problem.code == "DL006"] == ["2-b.md"]
