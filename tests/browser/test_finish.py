"""The end of a course in a real browser."""

import pytest
from playwright.sync_api import Browser

from tests.support.browser.chromium import fresh_context
from tests.support.browser.served import served
from tests.support.world.sample_course import DAYS
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_address_of_the_certificate_is_copied_by_a_press(world: World, browser: Browser) -> None:
    world.enrol()
    for day in range(1, DAYS + 1):
        world.person.post(f"{world.learn_url()}/dough-{day}/complete")
        if day < DAYS:
            world.next_lesson()
    serial = world.rows()["certificate"][0]["serial"]
    context = fresh_context(browser)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    with served(world) as site:
        page.goto(f"{site}/certificates/{serial}")
        page.get_by_role("button", name="Copy").click()
        page.get_by_role("button", name="Copied").wait_for()
        address = page.locator("#address").input_value()
        assert page.evaluate("navigator.clipboard.readText()") == address
    context.close()
