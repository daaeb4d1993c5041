"""Moving a lesson gives files other numbers, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from course.drafts.order import in_order, moved

FILES = st.lists(st.integers(0, 40), min_size=1, max_size=9).map(
    lambda numbers: [f"{number}-lesson-{at}.md" for at, number in enumerate(numbers)]
)


def after(paths: list[str], renames: list[tuple[str, str]]) -> list[str]:
    new = dict(renames)
    return [new.get(path, path) for path in paths]


def slugs(paths: list[str]) -> list[str]:
    return [path.partition("-")[2] for path in in_order(paths)]


@given(FILES, st.data(), st.sampled_from([-1, 1]))
def test_a_move_swaps_two_neighbours_and_keeps_every_other(paths: list[str], data: st.DataObject, by: int) -> None:
    path = data.draw(st.sampled_from(paths))
    before = slugs(paths)
    at = before.index(path.partition("-")[2])
    wanted = before.copy()
    if 0 <= at + by < len(before):
        wanted[at], wanted[at + by] = wanted[at + by], wanted[at]
    assert slugs(after(paths, moved(paths, path, by))) == wanted


@given(FILES, st.data(), st.sampled_from([-1, 1]))
def test_only_numbers_change(paths: list[str], data: st.DataObject, by: int) -> None:
    for old, new in moved(paths, data.draw(st.sampled_from(paths)), by):
        assert old.partition("-")[2] == new.partition("-")[2]


def test_gaps_and_leading_zeros_stay() -> None:
    assert moved(["01-a.md", "05-b.md", "09-c.md"], "09-c.md", -1) == [
        ("09-c.md", "05-c.md"),
        ("05-b.md", "09-b.md"),
    ]


def test_other_files_are_left_alone() -> None:
    assert moved(["1-a.md", "course.md", "articles/2-b.md"], "1-a.md", 1) == []
