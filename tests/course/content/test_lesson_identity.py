"""Which lesson is which: what a draft may say of its lessons' earlier names."""

import pytest

from course.content.lesson_identity import Names, renames
from course.content.parse import parse_lesson

NAMES = Names(frozenset({"one", "two", "three"}), {"uno": "one", "un": "one"})


def outcome(*drafted: str, names: Names = NAMES) -> tuple[dict[str, str], list[str]]:
    """`two` is a lesson, `better<two,second` one that was called so; the renames, and what is refused."""
    lessons, paths = [], {}
    for number, written in enumerate(drafted, 1):
        slug, _, was = written.partition("<")
        matter = f"was: [{was}]\n" if was else ""
        lesson, problems = parse_lesson(f"{number}-{slug}.md", f"---\ntitle: T\n{matter}---\nText.\n")
        assert problems == ()
        lessons.append(lesson)
        paths[slug] = f"{number}-{slug}.md"
    renamed, refused = renames(lessons, paths, names)
    assert all(problem.code == "DL009" for problem in refused)
    return renamed, [f"{problem.path}: {problem.message}" for problem in refused]


@pytest.mark.parametrize(
    ("drafted", "renamed"),
    [
        (("one", "two", "three"), {}),
        (("one", "better<two", "three"), {"better": "two"}),
        (("one", "better<two,second", "three"), {"better": "two"}),
        (("uno", "two"), {"uno": "one"}),
        (("eins<uno",), {"eins": "one"}),
        (("eins<un,uno,one",), {"eins": "one"}),
        (("one<uno", "two"), {}),
        (("one<one",), {}),
        (("four<never-published",), {}),
        (("zwei<two", "eins<one"), {"zwei": "two", "eins": "one"}),
    ],
)
def test_a_lesson_is_known_by_any_name_it_had(drafted: tuple[str, ...], renamed: dict[str, str]) -> None:
    assert outcome(*drafted) == (renamed, [])


@pytest.mark.parametrize(
    ("drafted", "told"),
    [
        (("two", "better<two"), "2-better.md: `was: two` cannot be: there is still a lesson `two`"),
        (("better<two", "best<two"), "2-best.md: `better` and `best` would both be the lesson `two`"),
        (("new<gone", "newer<gone"), "2-newer.md: `new` and `newer` would both be the lesson `gone`"),
        (("one", "uno"), "2-uno.md: `one` and `uno` would both be the lesson `one`"),
        (("three<two",), "1-three.md: `three` was published as a lesson of its own"),
        (("both<one,two",), "1-both.md: `one`, `two` are different lessons"),
        (("one<two", "two<one"), "1-one.md: `was: two` cannot be: there is still a lesson `two`"),
    ],
)
def test_what_cannot_be_is_refused_at_its_file(drafted: tuple[str, ...], told: str) -> None:
    _, refused = outcome(*drafted)
    assert any(line.startswith(told) for line in refused), refused


def test_a_course_that_was_never_published_knows_no_names() -> None:
    assert outcome("one<zero", "two", names=Names(frozenset(), {})) == ({}, [])


@pytest.mark.parametrize("was", ["Two", "two words", "{a: b}", "[two, 'x y']"])
def test_was_takes_slugs_only(was: str) -> None:
    lesson, problems = parse_lesson("1-one.md", f"---\ntitle: T\nwas: {was}\n---\nText.\n")
    assert lesson.was == ()
    assert [(problem.line, problem.code) for problem in problems] == [(3, "DL104")]
