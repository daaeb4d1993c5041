"""Registering again helps who lost a mail, and cannot be used to fill somebody's inbox."""

import pytest

from tests.support.world.world import House


def test_each_unanswered_confirmation_doubles_the_quiet_time(house: House) -> None:
    moments = []
    for minute in range(40):
        before = len(house.mails("confirm"))
        house.register("eve@example.org")
        if len(house.mails("confirm")) > before:
            moments.append(minute)
        house.clock.forward(minutes=1)
    assert moments == [0, 2, 6, 14, 30]


def test_a_mistyped_name_can_be_mended_by_registering_again(house: House) -> None:
    house.register("eve@example.org", name="Evv")
    house.clock.forward(minutes=5)
    house.register("eve@example.org", name="Eve")
    confirm = house.mails("confirm")[-1]
    page = house.person.submit(house.person.look(confirm.link("/confirm/")))
    assert "Eve" in page.text
    assert "Evv" not in page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_registers_again_while_paused_is_led_to_the_page_that_offers_to_go_on(house: House) -> None:
    house.enrol()
    house.person.post(f"{house.learn_url()}/pause")
    house.register(name="Eve", hour="20")
    (enrolment,) = house.rows()["enrolment"]
    assert (enrolment["state"], enrolment["hour"]) == ("paused", 8)
    page = house.person.look(house.mails("link")[0].link("/learn/"))
    assert "Go on with the course" in page.text
    house.person.post(f"{page.url}/resume")
    assert house.look_up().state == "active"
