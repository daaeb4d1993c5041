"""A file that nobody reads is told with the name that it should have."""

import pytest

from course.content.files.names import better_name, is_beside, is_markdown
from course.content.parse import parse_course

THERE = {
    "course.md": "---\ntitle: T\n---\n",
    "3-here.md": "---\ntitle: H\n---\n",
    "articles/map.md": "---\ntitle: M\n---\n",
}
NAMES = {
    "24_under.md": "24-under.md",
    "27-Title Case.md": "27-title-case.md",
    "26-größe.md": "26-grosse.md",
    "28-a.markdown": "28-a.md",
    "28-a.MD": "28-a.md",
    "28-a.md.txt": "28-a.md",
    "25-.md": "25-the-title.md",
    "day-25.md": "25-the-title.md",
    "Lektion 4.md": "4-the-title.md",
    "Lesson 3 - The End.md": "3-the-end.md",
    "1. Intro.md": "1-intro.md",
    "01_first.md": "1-first.md",
    "notes.md": "4-notes.md",
    "第3课.md": "3-the-title.md",
    "3_here.md": "3-here-2.md",
    "lessons/2-x.md": "2-x.md",
    "Course.md": "course.md",
    "articles/Some Thing.md": "articles/some-thing.md",
    "Articles/other.md": "articles/other.md",
    "articles/Map.md": "articles/map-2.md",
}


@pytest.mark.parametrize("path", NAMES)
def test_a_name_leads_to_the_one_that_is_meant(path: str) -> None:
    texts = {**THERE, path: "---\ntitle: The title\n---\n"}
    assert better_name(path, texts) == NAMES[path]
    if path.endswith(".md"):
        (problem,) = [one for one in parse_course("c", texts).problems if one.code == "DL004"]
        assert (problem.path, problem.line) == (path, 1)
        assert f"`{NAMES[path]}`" in str(problem.message)


@pytest.mark.parametrize(
    "path", ["README.md", "readme.md", "LICENSE.md", "media/README.md", "CHANGELOG.md", "README.de.md"]
)
def test_what_people_expect_in_a_folder_is_no_finding(path: str) -> None:
    assert is_beside(path)
    assert parse_course("c", {**THERE, path: "# Read me\n"}).problems == ()


@pytest.mark.parametrize("path", ["01-first.md", "007-bond.md"])
def test_zeros_before_a_number_do_no_harm(path: str) -> None:
    parsed = parse_course("c", {"course.md": "---\ntitle: T\n---\n", path: "---\ntitle: A\n---\n"})
    assert parsed.problems == ()
    assert len(parsed.course.lessons) == 1


def test_a_file_without_a_number_may_be_a_lesson_or_an_article() -> None:
    (problem,) = parse_course("c", {**THERE, "notes.md": "x"}).problems
    assert "`4-notes.md`" in str(problem.message)
    assert "`articles/notes.md`" in str(problem.message)


@pytest.mark.parametrize(
    ("name", "is_one"), [("a.md", True), ("a.MDX", True), ("a.md.txt", True), ("a.txt", False)]
)
def test_markdown_is_known_by_its_ending(name: str, is_one: bool) -> None:
    assert is_markdown(name) is is_one
