"""Whatever authors do in mid-course, no learner is hurt: generated sequences of edits among sends, deeds and days.

`make properties` runs 10,000 of them.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from course.schedule.progress import Pace
from course.schedule.rhythm import local_date
from tests.support.author.editing_world import Drafted, Enrolled, World

SEQUENCES = int(os.environ.get("PROPERTIES", "200"))
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Pacific/Kiritimati", "Asia/Kolkata", "America/Sao_Paulo")
PACES: tuple[Pace, ...] = ("daily", "daily", "on-completion")
LONG_ENOUGH = 24 * 20

Edit = Callable[[World, int], None]


def insert(world: World, at: int) -> None:
    number = world.fresh()
    world.draft.insert(at % (len(world.draft) + 1), Drafted(number, f"n{number}"))


def remove(world: World, at: int) -> None:
    if len(world.draft) > 1:
        world.gone.append(world.draft.pop(at % len(world.draft)))


def bring_back(world: World, at: int) -> None:
    if world.gone:
        world.draft.insert(at % (len(world.draft) + 1), world.gone.pop(at % len(world.gone)))


def reorder(world: World, at: int) -> None:
    world.draft.insert(at // 7 % len(world.draft), world.draft.pop(at % len(world.draft)))


def rename(world: World, at: int) -> None:
    """To a new name, or back to one that it had; it says all that it was."""
    place = at % len(world.draft)
    old = world.draft[place]
    slug = old.was[0] if old.was and at % 3 == 0 else f"n{world.fresh()}"
    was = tuple(dict.fromkeys(name for name in (*old.was, old.slug) if name != slug))
    world.draft[place] = replace(old, slug=slug, was=was)


def take_anothers_name(world: World, at: int) -> None:
    """A mistake: it is refused, or the lesson was never published."""
    if world.former:
        slug = sorted(world.former)[at % len(world.former)]
        mistaken = [*world.draft, Drafted(world.fresh(), slug)]
        draft, world.draft = world.draft, mistaken
        refused = world.refused
        if slug in {lesson.slug for lesson in draft} or world.documents[world.former[slug]] in {
            lesson.number for lesson in draft
        }:
            world.publish()
            assert world.refused == refused + 1
        world.draft = draft


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
    world = World()
    for number in (0, 1, 2):
        enrol(world, number)
    for operation, number in operations:
        act(world, operation, number)
    for _ in range(len(world.documents) + 2):
        for learner in world.learners:
            world.complete(learner)
        world.forward(LONG_ENOUGH)
    for learner in world.learners:
        numbers = [sent for sent, _ in learner.sent]
        assert len(set(numbers)) == len(numbers), "no lesson twice"
        assert set(numbers) == set(world.lessons_of(learner)), "none of their own missed, and no other"
        assert_one_a_day(learner)


def enrol(world: World, number: int) -> None:
    world.enrol(ZONES[number % len(ZONES)], number * 5 % 24, PACES[number % len(PACES)])


def act(world: World, operation: Edit | str, number: int) -> None:
    learner = world.learners[number % len(world.learners)]
    match operation:
        case "hours":
            world.forward(number)
        case "complete":
            world.complete(learner)
        case "pause":
            world.pause(learner, number % 9)
        case "enrol":
            enrol(world, number)
        case _:
            edit(world, operation, number)


def edit(world: World, operation: Edit | str, number: int) -> None:
    """Once all that was due has gone: whatever goes out now, goes because of the edit."""
    world.plan()
    before = [world.lessons_of(learner) for learner in world.learners]
    match operation:
        case "publish" | "correct":
            world.publish()
        case "roll back":
            world.roll_back(number)
        case "move":
            world.move()
        case draft if callable(draft):
            draft(world, number)
    assert world.plan() == 0, "nothing at once because of an edit"
    if operation != "move":
        assert [world.lessons_of(learner) for learner in world.learners] == before, "they keep their lessons"


def assert_one_a_day(learner: Enrolled) -> None:
    if learner.facts.pace == "daily":
        days = [local_date(at, learner.facts.rhythm.zone) for _, at in learner.sent]
        assert all(day < following for day, following in pairwise(days)), "not two in a day"
