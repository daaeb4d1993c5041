"""The order of lessons is in their files' numbers: moving one gives files other numbers, and nothing else."""

from collections.abc import Sequence

from course.content.parse import LESSON_PATH, slug_in


def in_order(paths: Sequence[str]) -> list[str]:
    """The lesson files among them, in the order of the course."""
    lessons = [path for path in paths if LESSON_PATH.fullmatch(path)]
    return sorted(lessons, key=lambda path: (int(_number(path)), path))


def moved(paths: Sequence[str], path: str, by: int) -> list[tuple[str, str]]:
    """The renames, old and new, that move a lesson by so many places; none where it stands at that end."""
    before = in_order(paths)
    after = [other for other in before if other != path]
    after.insert(max(0, before.index(path) + by), path)
    numbers = [_number(lesson) for lesson in before]
    if len({int(number) for number in numbers}) < len(numbers):
        numbers = [str(place) for place in range(1, len(before) + 1)]
    renamed = ((old, f"{number}-{slug_in(old)}.md") for old, number in zip(after, numbers, strict=True))
    return [(old, new) for old, new in renamed if old != new]


def next_number(paths: Sequence[str]) -> int:
    return max((int(_number(path)) for path in in_order(paths)), default=0) + 1


def _number(path: str) -> str:
    return path.partition("-")[0]
