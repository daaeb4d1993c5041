"""Who must not be mailed is not mailed, and loses no lesson by it if they come back."""

from sqlalchemy import select

from course.models import Delivery
from course.schedule.rhythm import midnight
from mailer.sending.plan import planning_step
from mailer.sending.record import suppress
from tests.support.world.world import World


def stop_mailing(world: World, email: str) -> None:
    with world.runtime.db.write() as session:
        delivery = session.scalars(
            select(Delivery).where(Delivery.enrolment_id == world.look_up(email).id)
        ).first()
        assert delivery is not None
        suppress(session, delivery, "bounced", "no such user", world.clock.real())


def lessons_of(world: World) -> list[int | None]:
    return [mail.day for mail in world.mails("lesson")]


def test_a_suppressed_address_gets_no_lesson_and_no_link(world: World) -> None:
    world.enrol("eve@example.org")
    stop_mailing(world, "eve@example.org")
    for _ in range(3):
        world.forward(days=1, hours=1)
    assert lessons_of(world) == [1]
    assert world.mails("link") == []


def test_registering_again_brings_one_confirmation_and_then_everything_goes_on(world: World) -> None:
    world.enrol("eve@example.org")
    world.forward(hours=20)
    stop_mailing(world, "eve@example.org")
    world.forward(hours=10)
    world.register("eve@example.org")
    confirm = world.mails("confirm")[-1]
    assert len(world.mails("confirm")) == 2
    world.person.submit(world.person.look(confirm.link("/confirm/")))
    for _ in range(4):
        world.forward(days=1)
    assert lessons_of(world) == [1, 2, 3]


def test_a_lesson_that_suppression_stopped_on_its_way_is_sent_after_coming_back(world: World) -> None:
    world.enrol("eve@example.org")
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    stop_mailing(world, "eve@example.org")
    world.step()
    assert lessons_of(world) == [1]
    world.register("eve@example.org")
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    world.step()
    assert lessons_of(world) == [1, 2]
    world.forward(days=1)
    assert lessons_of(world) == [1, 2, 3]


def test_a_pause_that_outlasts_the_suppression_still_ends(world: World) -> None:
    world.enrol("eve@example.org")
    world.person.post(f"{world.learn_url('eve@example.org')}/pause", {"days": "6"})
    stop_mailing(world, "eve@example.org")
    world.forward(days=1)
    enrolment = world.look_up("eve@example.org")
    assert enrolment.resumes_on is not None
    assert enrolment.due_at == midnight(enrolment.resumes_on, enrolment.zone)
    world.register("eve@example.org")
    world.person.submit(world.person.look(world.mails("confirm")[-1].link("/confirm/")))
    while world.look_up("eve@example.org").next_at is not None:
        world.next_lesson("eve@example.org")
    assert lessons_of(world) == [1, 2, 3]


def test_a_pause_that_ends_first_leaves_one_lesson_to_be_read_on_its_page(world: World) -> None:
    world.enrol("eve@example.org")
    world.person.post(f"{world.learn_url('eve@example.org')}/pause", {"days": "2"})
    stop_mailing(world, "eve@example.org")
    for _ in range(5):
        world.forward(days=1, hours=1)
    assert world.look_up("eve@example.org").due_at is None
    assert lessons_of(world) == [1]
    states = [row["state"] for row in world.rows()["delivery"] if row["kind"] == "lesson"]
    assert sorted(states) == ["accepted", "cancelled"]


def test_leaving_holds_a_lesson_that_was_queued_and_the_undo_brings_it(world: World) -> None:
    world.enrol("eve@example.org")
    world.clock.forward(days=1, hours=2)
    planning_step(world.runtime)
    page = world.person.look(world.mails("lesson")[0].link("/unsubscribe/"))
    left = world.person.submit(page)
    world.step()
    assert lessons_of(world) == [1]
    world.person.submit(left)
    world.step()
    assert lessons_of(world) == [1], "nothing comes by surprise"
    world.next_lesson("eve@example.org")
    assert lessons_of(world) == [1, 2]
