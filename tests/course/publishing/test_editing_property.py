"""Whatever authors do in mid-course, no learner is hurt: generated sequences of edits among sends, deeds and days.

`make properties` runs 10,000 of them.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.schedule.progress import Pace
from course.schedule.rhythm import local_date, next_moment
from tests.support.author.plain_editing import Drafted, Enrolled, PlainEditing

SEQUENCES = int(os.environ.get("PROPERTIES", "200"))
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata", "America/Sao_Paulo")
PACES: tuple[Pace, ...] = ("daily", "daily", "on-completion")
LONG_ENOUGH = 24 * 20

Edit = Callable[[PlainEditing, int], None]


def insert(editing: PlainEditing, at: int) -> None:
    number = editing.fresh()
    editing.draft.insert(at % (len(editing.draft) + 1), Drafted(number, f"n{number}"))


def remove(editing: PlainEditing, at: int) -> None:
    if len(editing.draft) > 1:
        editing.gone.append(editing.draft.pop(at % len(editing.draft)))


def bring_back(editing: PlainEditing, at: int) -> None:
    if editing.gone:
        editing.draft.insert(at % (len(editing.draft) + 1), editing.gone.pop(at % len(editing.gone)))


def reorder(editing: PlainEditing, at: int) -> None:
    editing.draft.insert(at // 7 % len(editing.draft), editing.draft.pop(at % len(editing.draft)))


def rename(editing: PlainEditing, at: int) -> None:
    """To a new name, or back to one that it had; it says all that it was."""
    place = at % len(editing.draft)
    old = editing.draft[place]
    slug = old.was[0] if old.was and at % 3 == 0 else f"n{editing.fresh()}"
    was = tuple(dict.fromkeys(name for name in (*old.was, old.slug) if name != slug))
    editing.draft[place] = replace(old, slug=slug, was=was)


def take_anothers_name(editing: PlainEditing, at: int) -> None:
    """A mistake: it is refused, or the lesson was never published."""
    if editing.former:
        slug = sorted(editing.former)[at % len(editing.former)]
        mistaken = [*editing.draft, Drafted(editing.fresh(), slug)]
        draft, editing.draft = editing.draft, mistaken
        refused = editing.refused
        if slug in {lesson.slug for lesson in draft} or editing.documents[editing.former[slug]] in {
            lesson.number for lesson in draft
        }:
            editing.publish()
            assert editing.refused == refused + 1
        editing.draft = draft


EDITS: tuple[Edit, ...] = (insert, remove, bring_back, reorder, rename, take_anothers_name)
OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(EDITS), st.integers(0, 99)),
        st.tuples(st.sampled_from(["publish", "roll back", "move", "correct"]), st.integers(0, 99)),
        st.tuples(st.sampled_from(["hours", "hours", "complete", "pause", "enrol"]), st.integers(0, 99)),
    ),
    min_size=8,
    max_size=40,
)


@settings(max_examples=SEQUENCES, suppress_health_check=list(HealthCheck))
@given(OPERATIONS)
def test_no_learner_is_hurt_by_any_sequence_of_edits(operations: list[tuple[Edit | str, int]]) -> None:
    editing = PlainEditing()
    for number in (0, 1, 2):
        enrol(editing, number)
    for operation, number in operations:
        act(editing, operation, number)
    for _ in range(len(editing.documents) + 2):
        for learner in editing.learners:
            editing.complete(learner)
        editing.forward(LONG_ENOUGH)
    for learner in editing.learners:
        numbers = [sent for sent, _ in learner.sent]
        assert len(set(numbers)) == len(numbers), "no lesson twice"
        assert set(numbers) == set(editing.lessons_of(learner)), "none of their own missed, and no other"
        assert_one_a_day(learner)


def enrol(editing: PlainEditing, number: int) -> None:
    editing.enrol(ZONES[number % len(ZONES)], number * 5 % 24, PACES[number % len(PACES)])


def act(editing: PlainEditing, operation: Edit | str, number: int) -> None:
    learner = editing.learners[number % len(editing.learners)]
    match operation:
        case "hours":
            editing.forward(number)
        case "complete":
            editing.complete(learner)
        case "pause":
            editing.pause(learner, number % 9)
        case "enrol":
            enrol(editing, number)
        case _:
            edit(editing, operation, number)


def edit(editing: PlainEditing, operation: Edit | str, number: int) -> None:
    """Once all that was due has gone: whatever goes out now, goes because of the edit."""
    editing.plan()
    before = [editing.lessons_of(learner) for learner in editing.learners]
    match operation:
        case "publish" | "correct":
            editing.publish()
        case "roll back":
            editing.roll_back(number)
        case "move":
            editing.move()
        case draft if callable(draft):
            draft(editing, number)
    had = [len(learner.sent) for learner in editing.learners]
    editing.plan()
    for learner, count in zip(editing.learners, had, strict=True):
        assert len(learner.sent) == count or is_their_hour(learner, editing.now), (
            "nothing at once because of an edit"
        )
    if operation != "move":
        assert [editing.lessons_of(learner) for learner in editing.learners] == before, "they keep their lessons"


def is_their_hour(learner: Enrolled, now: datetime) -> bool:
    rhythm = learner.facts.rhythm
    return next_moment(rhythm, local_date(now, rhythm.zone), now) == now


def assert_one_a_day(learner: Enrolled) -> None:
    if learner.facts.pace == "daily":
        days = [local_date(at, learner.facts.rhythm.zone) for _, at in learner.sent]
        assert all(day < following for day, following in pairwise(days)), "not two in a day"
