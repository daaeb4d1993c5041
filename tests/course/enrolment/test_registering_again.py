"""Registering again helps who lost a mail, and cannot be used to fill somebody's inbox."""

import pytest

from tests.support.world.world import World


def test_each_unanswered_confirmation_doubles_the_quiet_time_and_the_third_is_the_last_of_a_day(
    world: World,
) -> None:
    moments = []
    for minute in range(40):
        before = len(world.mails("confirm"))
        world.register("eve@example.org")
        if len(world.mails("confirm")) > before:
            moments.append(minute)
        world.clock.forward(minutes=1)
    assert moments == [0, 2, 6]
    world.clock.forward(days=1)
    world.register("eve@example.org")
    assert len(world.mails("confirm")) == 4


def test_a_mistyped_name_can_be_mended_by_registering_again(world: World) -> None:
    world.register("eve@example.org", name="Evv")
    world.clock.forward(minutes=5)
    world.register("eve@example.org", name="Eve")
    confirm = world.mails("confirm")[-1]
    page = world.person.submit(world.person.look(confirm.link("/confirm/")))
    assert "Eve" in page.text
    assert "Evv" not in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_registers_again_while_paused_is_led_to_the_page_that_offers_to_go_on(world: World) -> None:
    world.enrol()
    world.person.post(f"{world.learn_url()}/pause")
    world.register(name="Eve", hour="20")
    (enrolment,) = world.rows()["enrolment"]
    assert (enrolment["state"], enrolment["hour"]) == ("paused", 8)
    page = world.person.look(world.mails("link")[0].link("/learn/"))
    assert "Go on with the course" in page.text
    world.person.post(f"{page.url}/resume")
    assert world.look_up().state == "active"
