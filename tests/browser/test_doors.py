"""The ways in and out of a course in a real browser."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser.served import NARROW, served
from tests.support.world.mails import Mail
from tests.support.world.sample_course import SLUG
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def path(mail: Mail, part: str) -> str:
    return urlsplit(mail.link(part)).path


def ask_for_erasure(page: Page) -> None:
    """From the course page on."""
    page.get_by_text("My data", exact=True).click()
    page.get_by_text("Erase everything", exact=True).click()
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have written to you")


def erase_from_the_mail(page: Page) -> None:
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is erased")


def test_a_slip_is_mended_one_tap_on_the_mail_starts_the_course_and_three_presses_erase_it_all(
    world: World, browser: Browser
) -> None:
    page = browser.new_page(viewport=NARROW)
    with served(world) as site:
        page.goto(f"{site}/courses/{SLUG}")
        page.get_by_label("E-mail address").fill("ada.lovelace@gmial.com")
        page.get_by_role("button", name="Send me day 1").click()
        page.get_by_role("button", name="Use ada.lovelace@gmail.com").click()
        expect(page.get_by_text("ada.lovelace@gmail.com")).to_be_visible()
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("status")).to_contain_text("in 2 minutes")
        world.step()
        page.goto(f"{site}{path(world.mails('confirm')[-1], '/confirm/')}")
        expect(page).to_have_url(re.compile("/learn/"))
        ask_for_erasure(page)
        world.step()
        page.goto(f"{site}{path(world.mails('erase')[-1], '/wish/')}")
        erase_from_the_mail(page)
    page.close()
