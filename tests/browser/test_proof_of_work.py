"""In a flood a browser proves by itself that somebody is there, and nobody has to do anything."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.models import SignUp
from tests.support.browser.served import assert_sound, served
from tests.support.world.world import World
from tests.web.signup.test_floods import slow_down, to
from web.signup.person import TRAP

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COURSE = "/courses/bread-at-home"


def test_the_mail_of_a_browser_that_solves_the_puzzle_goes_at_once(world: World, browser_page: Page) -> None:
    with served(world) as site:
        browser_page.goto(site + COURSE)
        assert not browser_page.locator(f"[name={TRAP}]").is_visible()
        browser_page.get_by_label("E-mail address").fill("ada@example.org")
        # So many that no place is left for who comes without a proof; sent at once, as programs do.
        slow_down(world)
        browser_page.evaluate("document.querySelector('[name=shown]').value = ''")
        browser_page.get_by_role("button", name="Send me day 1").click()
        browser_page.wait_for_url(re.compile(r"check-your-inbox$"))
        expect(browser_page.get_by_text("is on its way to")).to_be_visible()
        assert_sound(browser_page)
    with world.runtime.db.read() as session:
        assert session.query(SignUp).filter_by(proof="work").count() == 1
    world.step()
    assert to(world, "ada@example.org") == 1
