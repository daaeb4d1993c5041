"""The certificate and the end of the course in a real browser, light and dark, narrow and wide."""

import pytest
from playwright.sync_api import Browser

from tests.support.house import House
from tests.support.sample_course import DAYS
from tests.support.served import SCREENS, assert_sound, served

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_end_of_a_course_is_sound_on_every_screen(house: House, browser: Browser) -> None:
    house.enrol(name="محمد 😀 Maximiliana-Theodora-Konstantinopolitanska")
    for day in range(1, DAYS + 1):
        house.person.post(f"{house.learn_url()}/dough-{day}/complete")
        if day < DAYS:
            house.next_lesson()
    serial = house.rows()["certificate"][0]["serial"]
    with served(house) as site:
        for scheme, size in SCREENS:
            context = browser.new_context(color_scheme=scheme, viewport=size)
            page = context.new_page()
            for path in (house.learn_url(), f"/certificates/{serial}"):
                page.goto(f"{site}{path}")
                assert_sound(page)
            context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.get_by_role("button", name="Copy").click()
            page.get_by_role("button", name="Copied").wait_for()
            address = page.locator("#address").input_value()
            assert page.evaluate("navigator.clipboard.readText()") == address
            context.close()
