"""Learners in the middle of a course are moved to its newest edition."""

from datetime import timedelta

import pytest

from course.enrolment.many.move_learners import Group, move_learners
from course.schedule.rhythm import local_date
from course.staff.audit_log import Doer
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

LESSON = "---\ntitle: Day of the oven\n---\nHeat it.\n\n- [ ] Bake\n"


def publish(world: World, *gone: str, **written: str) -> None:
    """`publish(world, "2-dough-2", **{"4-oven": LESSON})`"""
    folder = world.lessons_dir / SLUG
    for name in gone:
        (folder / f"{name}.md").unlink()
    for name, text in written.items():
        (folder / f"{name}.md").write_text(text)
    world.publish()


def move(world: World) -> tuple[Group, ...]:
    with world.runtime.db.write() as session:
        doer = Doer("the author", world.clock.real())
        return move_learners(session, world.runtime.shelf, SLUG, world.clock.now(), doer)


def lessons_of(world: World, email: str = "ada@example.org") -> list[tuple[str, int | None]]:
    """Title and day of each lesson mail of a learner."""
    return [(m.message["Subject"], m.day) for m in world.mails("lesson") if m.message["To"] == email]


def complete(world: World, day: int) -> None:
    mail = next(mail for mail in world.mails("lesson") if mail.day == day)
    assert world.person.submit(world.person.look(mail.link("/learn/"))).status == 200


def test_each_goes_on_from_where_they_are_and_nobody_gets_anything_twice(world: World) -> None:
    world.enrol()
    world.forward(days=1, hours=2)
    world.enrol("bea@example.org")
    publish(world, "1-dough-1", **{"1-oven": LESSON})
    assert {group.learners for group in move(world)} == {1}
    assert move(world) == ()
    sent = len(world.mails())
    world.step()
    assert len(world.mails()) == sent, "nothing at once because of the move"
    for _ in range(6):
        world.forward(days=1)
    dough = "Flour, water, Ada"
    assert lessons_of(world) == [(dough, 1), (dough, 2), ("Day of the oven", 3), (dough, 4)]
    assert lessons_of(world, "bea@example.org") == [(dough, 1), ("Day of the oven", 2), (dough, 3), (dough, 4)]
    link = world.mails("lesson")[0].link("/learn/")
    assert world.person.look(link).status == 200, "a lesson they had stays theirs"


def test_who_had_everything_gets_the_new_lesson_on_another_day_at_their_hour(world: World) -> None:
    world.enrol()
    for _ in range(8):
        world.forward(days=1, hours=1)
    assert len(lessons_of(world)) == 3
    publish(world, **{"4-oven": LESSON})
    move(world)
    assert world.step() == 0
    complete(world, 3)
    assert world.step() == 0, "not even a deed of today brings it today"
    due_at = world.look_up().due_at
    assert due_at is not None
    assert due_at.date() > world.clock.now().date()
    world.next_lesson()
    assert lessons_of(world)[-1] == ("Day of the oven", 4)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_asks_on_the_day_of_the_move_gets_that_one_and_no_other_that_day(world: World) -> None:
    world.enrol()
    for _ in range(4):
        world.forward(days=1, hours=1)
    publish(world, **{"4-oven": LESSON, "5-crust": LESSON})
    move(world)
    assert world.step() == 0
    page = world.person.look(world.learn_url())
    assert "Send day 4 now" in page.text
    for _ in range(2):
        world.person.post(f"{world.learn_url()}/next", {"lesson": "oven"})
        world.step()
    assert [day for _, day in lessons_of(world)] == [1, 2, 3, 4]
    today = local_date(world.clock.now(), "Europe/Berlin")
    while local_date(world.clock.now() + timedelta(hours=1), "Europe/Berlin") == today:
        world.forward(hours=1)
    assert [day for _, day in lessons_of(world)] == [1, 2, 3, 4]
    world.next_lesson()
    assert [day for _, day in lessons_of(world)] == [1, 2, 3, 4, 5]
    assert local_date(world.clock.now(), "Europe/Berlin") == today + timedelta(days=1)


def test_a_finished_learner_is_not_dragged_back_and_one_at_the_end_finishes_what_they_began(world: World) -> None:
    world.enrol()
    for day in (1, 2, 3):
        complete(world, day)
        world.forward(days=1, hours=2)
    assert world.look_up().state == "finished"
    world.enrol("bea@example.org")
    world.forward(days=1)
    before = world.look_up(), world.look_up("bea@example.org").edition_id
    publish(world, "3-dough-3")
    assert move(world) == ()
    publish(world, **{"4-oven": LESSON})
    (group,) = move(world)
    assert (group.move.coming, group.move.dropped) == (("oven",), ("dough-3",))
    assert world.look_up().edition_id == before[0].edition_id
    assert world.look_up("bea@example.org").edition_id != before[1]
