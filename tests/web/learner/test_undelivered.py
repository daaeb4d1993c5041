"""A lesson whose mail failed is told plainly, and whatever is done about it, the course goes on."""

from collections.abc import Callable, Mapping

import pytest

from course.enrolment.enrolments import participant
from course.learning.resend import send_again
from course.reports.undelivered import Undelivered, failed_for, reasons, undelivered
from tests.support.failing import WHY, fail_next_lesson
from tests.support.world.world import World

Deed = Callable[[World, str], object]


def open_it(world: World, slug: str) -> None:
    world.person.look(f"{world.learn_url()}/{slug}")


def complete_it(world: World, slug: str) -> None:
    world.person.post(f"{world.learn_url()}/{slug}/complete")


def have_it_mailed_again(world: World, slug: str) -> None:
    world.person.post(f"{world.learn_url()}/{slug}/mail")
    world.step()
    assert len(world.mails("again")) == 1


def move_to_another_address(world: World, slug: str) -> None:
    world.person.post(f"{world.learn_url()}/settings/address", {"email": "lovelace@example.org"})
    world.step()
    for kind in ("move-from", "move-to"):
        world.person.post(world.mails(kind)[-1].link("/agree/"))


def be_sent_it_by_an_operator(world: World, slug: str) -> None:
    with world.runtime.db.write() as session:
        who = participant(session, world.runtime.shelf, world.look_up().id, lock=True)
        send_again(session, who, slug, world.clock.times())


DEEDS: Mapping[str, Deed] = {
    "opens": open_it,
    "completes": complete_it,
    "mailed again": have_it_mailed_again,
    "another address": move_to_another_address,
    "sent again": be_sent_it_by_an_operator,
}


def came_after(world: World, days: int = 5) -> list[int | None]:
    """The lessons that come in the next days, by their numbers."""
    before = len(world.mails("lesson"))
    for _ in range(4 * days):
        world.forward(hours=6)
    return [mail.day for mail in world.mails("lesson")[before:]]


def test_nothing_comes_until_something_is_done_and_the_page_says_so(world: World) -> None:
    world.enrol()
    slug = fail_next_lesson(world)
    assert came_after(world) == []
    page = world.person.look(world.learn_url()).text
    assert "The mail with day 2 failed" in page
    assert f'href="{world.learn_url()}/{slug}"' in page
    assert 'form="mail-again"' in page
    assert "/settings/address" in page
    assert "on its way to your inbox" not in page.lower()


@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_about_it_leads_on(world: World, deed: str) -> None:
    world.enrol()
    slug = fail_next_lesson(world)
    came_after(world)
    DEEDS[deed](world, slug)
    world.step()
    email = "lovelace@example.org" if deed == "another address" else "ada@example.org"
    page = world.person.look(world.learn_url(email)).text
    assert "The mail with day 2 failed" not in page
    assert came_after(world)[-1] == 3


def test_what_is_opened_before_the_next_is_due_delays_nothing(world: World) -> None:
    world.enrol()
    world.clock.forward(hours=1)
    slug = fail_next_lesson(world)
    open_it(world, slug)
    assert came_after(world) == [3]


@pytest.mark.parametrize("pace", ["daily", "on-completion"])
def test_who_can_be_mailed_nothing_takes_the_course_on_its_pages_to_the_end(world: World, pace: str) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/settings", {"pace": pace})
    first, *rest = (lesson.slug for lesson in world.course.lessons)
    world.clock.forward(minutes=10)
    complete_it(world, first)
    fail_next_lesson(world, closed=True)
    page = world.person.look(world.learn_url()).text
    assert "none is sent there" in page
    assert 'form="mail-again"' not in page
    for slug in rest:
        complete_it(world, slug)
        world.forward(days=1, hours=1)
        world.step()
    assert world.look_up().state == "finished"


def test_it_is_counted_until_it_is_had_and_those_who_can_be_mailed_are_told_apart(world: World) -> None:
    for name in ("ada", "eve", "ida"):
        world.enrol(f"{name}@example.org")
    slug = fail_next_lesson(world)
    fail_next_lesson(world, "eve@example.org", closed=True)
    with world.runtime.db.read() as session:
        course_id = world.look_up().course_id
        assert undelivered(session) == Undelivered(1, 1)
        assert reasons(session, course_id) == [(WHY, 1)]
        assert failed_for(session, course_id, "554") == [(world.look_up().id, slug)]
        assert failed_for(session, course_id, "%") == []
    assert any("could not be delivered" in alarm for alarm in alarms(world))
    assert 'dayletter_undelivered_lessons{address="open"} 1.0' in metrics(world)
    open_it(world, slug)
    with world.runtime.db.read() as session:
        assert undelivered(session) == Undelivered(0, 1)
    assert alarms(world) == []


def alarms(world: World) -> list[str]:
    found: list[str] = world.app.test_client().get("/readyz").get_json()["alarms"]
    return found


def metrics(world: World) -> str:
    return world.app.test_client().get("/metrics").get_data(as_text=True)
