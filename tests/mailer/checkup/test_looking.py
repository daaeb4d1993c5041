"""Many looks at once: bounded, in order, and never raising."""

import threading
from collections.abc import Iterator

from course.checkup import Finding
from mailer.checkup.looking import Look, look_at


def fine(about: str) -> Look:
    return Look(about, lambda: [Finding(about, "good", "It is well.")])


def test_all_are_told_in_their_order_also_where_one_fails_or_hangs() -> None:
    for_ever = threading.Event()

    def hangs() -> Iterator[Finding]:
        for_ever.wait()
        yield Finding("b", "good", "")

    def fails() -> list[Finding]:
        raise KeyError("somebody@example.org")

    found = list(look_at([fine("a"), Look("b", hangs), Look("c", fails), fine("d")], patience=0.3))
    for_ever.set()
    assert [(one.about, one.state) for one in found] == [
        ("a", "good"),
        ("b", "warning"),
        ("c", "warning"),
        ("d", "good"),
    ]
    assert all(one.said.startswith("It could not be asked") and one.todo for one in found[1:3])
    assert "somebody" not in found[2].said


def test_they_are_looked_at_at_once() -> None:
    meeting = threading.Barrier(3, timeout=60)

    def meets() -> list[Finding]:
        meeting.wait()
        return [Finding("a", "good", "We met.")]

    assert [one.said for one in look_at([Look("a", meets)] * 3)] == ["We met."] * 3
