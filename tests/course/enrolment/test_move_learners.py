"""Learners in the middle of a course are moved to its newest edition."""

from datetime import timedelta

import pytest

from course.enrolment.move_learners import Group, move_learners
from course.schedule.rhythm import local_date
from course.staff.audit_log import Doer
from tests.support.world.sample_course import SLUG
from tests.support.world.world import House

LESSON = "---\ntitle: Day of the oven\n---\nHeat it.\n\n- [ ] Bake\n"


def publish(house: House, *gone: str, **written: str) -> None:
    """`publish(house, "2-dough-2", **{"4-oven": LESSON})`"""
    folder = house.lessons_dir / SLUG
    for name in gone:
        (folder / f"{name}.md").unlink()
    for name, text in written.items():
        (folder / f"{name}.md").write_text(text)
    house.publish()


def move(house: House) -> tuple[Group, ...]:
    with house.runtime.db.write() as session:
        doer = Doer("the author", house.clock.real())
        return move_learners(session, house.runtime.shelf, SLUG, house.clock.now(), doer)


def lessons_of(house: House, email: str = "ada@example.org") -> list[tuple[str, int | None]]:
    """Title and day of each lesson mail of a learner."""
    return [(m.message["Subject"], m.day) for m in house.mails("lesson") if m.message["To"] == email]


def complete(house: House, day: int) -> None:
    mail = next(mail for mail in house.mails("lesson") if mail.day == day)
    assert house.person.submit(house.person.look(mail.link("/learn/"))).status == 200


def test_each_goes_on_from_where_they_are_and_nobody_gets_anything_twice(house: House) -> None:
    house.enrol()
    house.forward(days=1, hours=2)
    house.enrol("bea@example.org")
    publish(house, "1-dough-1", **{"1-oven": LESSON})
    assert {group.learners for group in move(house)} == {1}
    assert move(house) == ()
    sent = len(house.mails())
    house.step()
    assert len(house.mails()) == sent, "nothing at once because of the move"
    for _ in range(6):
        house.forward(days=1)
    dough = "Flour, water, Ada"
    assert lessons_of(house) == [(dough, 1), (dough, 2), ("Day of the oven", 3), (dough, 4)]
    assert lessons_of(house, "bea@example.org") == [(dough, 1), ("Day of the oven", 2), (dough, 3), (dough, 4)]
    link = house.mails("lesson")[0].link("/learn/")
    assert house.person.look(link).status == 200, "a lesson they had stays theirs"


def test_who_had_everything_gets_the_new_lesson_on_another_day_at_their_hour(house: House) -> None:
    house.enrol()
    for _ in range(8):
        house.forward(days=1, hours=1)
    assert len(lessons_of(house)) == 3
    publish(house, **{"4-oven": LESSON})
    move(house)
    assert house.step() == 0
    complete(house, 3)
    assert house.step() == 0, "not even a deed of today brings it today"
    due_at = house.look_up().due_at
    assert due_at is not None
    assert due_at.date() > house.clock.now().date()
    house.next_lesson()
    assert lessons_of(house)[-1] == ("Day of the oven", 4)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_asks_on_the_day_of_the_move_gets_that_one_and_no_other_that_day(house: House) -> None:
    house.enrol()
    for _ in range(4):
        house.forward(days=1, hours=1)
    publish(house, **{"4-oven": LESSON, "5-crust": LESSON})
    move(house)
    assert house.step() == 0
    page = house.person.look(house.learn_url())
    assert "Send day 4 now" in page.text
    for _ in range(2):
        house.person.post(f"{house.learn_url()}/next", {"lesson": "oven"})
        house.step()
    assert [day for _, day in lessons_of(house)] == [1, 2, 3, 4]
    today = local_date(house.clock.now(), "Europe/Berlin")
    while local_date(house.clock.now() + timedelta(hours=1), "Europe/Berlin") == today:
        house.forward(hours=1)
    assert [day for _, day in lessons_of(house)] == [1, 2, 3, 4]
    house.next_lesson()
    assert [day for _, day in lessons_of(house)] == [1, 2, 3, 4, 5]
    assert local_date(house.clock.now(), "Europe/Berlin") == today + timedelta(days=1)


def test_a_finished_learner_is_not_dragged_back_and_one_at_the_end_finishes_what_they_began(house: House) -> None:
    house.enrol()
    for day in (1, 2, 3):
        complete(house, day)
        house.forward(days=1, hours=2)
    assert house.look_up().state == "finished"
    house.enrol("bea@example.org")
    house.forward(days=1)
    before = house.look_up(), house.look_up("bea@example.org").edition_id
    publish(house, "3-dough-3")
    assert move(house) == ()
    publish(house, **{"4-oven": LESSON})
    (group,) = move(house)
    assert (group.move.coming, group.move.dropped) == (("oven",), ("dough-3",))
    assert house.look_up().edition_id == before[0].edition_id
    assert house.look_up("bea@example.org").edition_id != before[1]
