"""Who must not be mailed is not mailed, and loses no lesson by it if they come back."""

from sqlalchemy import select

from course.models import Delivery
from mailer.sending.plan import plan
from mailer.sending.record import suppress
from tests.support.world.world import House


def stop_mailing(house: House, email: str) -> None:
    with house.runtime.db.write() as session:
        delivery = session.scalars(
            select(Delivery).where(Delivery.enrolment_id == house.look_up(email).id)
        ).first()
        assert delivery is not None
        suppress(session, delivery, "bounced", "no such user", house.clock.real())


def lessons_of(house: House) -> list[int | None]:
    return [mail.day for mail in house.mails("lesson")]


def test_a_suppressed_address_gets_no_lesson_and_no_link(house: House) -> None:
    house.enrol("eve@example.org")
    stop_mailing(house, "eve@example.org")
    for _ in range(3):
        house.forward(days=1, hours=1)
    assert lessons_of(house) == [1]
    assert house.mails("link") == []


def test_registering_again_brings_one_confirmation_and_then_everything_goes_on(house: House) -> None:
    house.enrol("eve@example.org")
    house.forward(hours=20)
    stop_mailing(house, "eve@example.org")
    house.forward(hours=10)
    house.register("eve@example.org")
    confirm = house.mails("confirm")[-1]
    assert len(house.mails("confirm")) == 2
    house.person.submit(house.person.look(confirm.link("/confirm/")))
    for _ in range(4):
        house.forward(days=1)
    assert lessons_of(house) == [1, 2, 3]


def test_a_lesson_that_suppression_stopped_on_its_way_is_sent_after_coming_back(house: House) -> None:
    house.enrol("eve@example.org")
    house.clock.forward(days=1, hours=2)
    plan(house.runtime)
    stop_mailing(house, "eve@example.org")
    house.step()
    assert lessons_of(house) == [1]
    house.register("eve@example.org")
    house.person.submit(house.person.look(house.mails("confirm")[-1].link("/confirm/")))
    house.step()
    assert lessons_of(house) == [1, 2]
    house.forward(days=1)
    assert lessons_of(house) == [1, 2, 3]


def test_leaving_holds_a_lesson_that_was_queued_and_the_undo_brings_it(house: House) -> None:
    house.enrol("eve@example.org")
    house.clock.forward(days=1, hours=2)
    plan(house.runtime)
    page = house.person.look(house.mails("lesson")[0].link("/unsubscribe/"))
    left = house.person.submit(page)
    house.step()
    assert lessons_of(house) == [1]
    house.person.submit(left)
    house.step()
    assert lessons_of(house) == [1, 2]
