"""The ways in and out of a course in a real browser: every page of them sound, light and dark, narrow and wide."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.support.house import House
from tests.support.mails import Mail
from tests.support.sample_course import SLUG
from tests.support.served import NARROW, SCREENS, Colours, assert_sound, served

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def path(mail: Mail, part: str) -> str:
    return urlsplit(mail.link(part)).path


def doors(house: House, email: str) -> list[str]:
    """Pages of somebody who is moving to another address, and of somebody who has not confirmed yet."""
    house.register(f"pending-{email}")
    pending = path(house.mails("confirm")[-1], "/confirm/")
    house.enrol(email)
    learn = house.learn_url(email)
    house.person.post(f"{learn}/settings/address", {"email": f"another-and-rather-longer-{email}"})
    house.step()
    question = path(house.mails("move-from")[-1], "/agree/")
    replaced = house.runtime.signer.learn(house.look_up(email).id, 7)
    return [
        *("/lost-link", "/lost-link?sent", pending, house.unsubscribe_url(email), question),
        *(f"{learn}/settings/address", f"{learn}/settings/links?renewed", f"/learn/{replaced}", learn),
    ]


def erase(page: Page) -> None:
    """From the course page on."""
    page.get_by_text("My data", exact=True).click()
    page.get_by_text("Erase everything", exact=True).click()
    page.get_by_role("button", name="Erase everything about me").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Everything is erased")


@pytest.mark.parametrize(("scheme", "size"), SCREENS, ids=["light", "dark"])
def test_every_page_that_leads_in_or_out_is_sound(
    house: House, browser: Browser, scheme: Colours, size: ViewportSize
) -> None:
    paths = doors(house, "ada@example.org")
    page = browser.new_page(color_scheme=scheme, viewport=size)
    with served(house) as site:
        for at in paths:
            page.goto(f"{site}{at}")
            assert_sound(page)
        erase(page)
        assert_sound(page)
    page.close()


def test_a_slip_is_mended_and_one_tap_on_the_mail_starts_the_course(house: House, browser: Browser) -> None:
    page = browser.new_page(viewport=NARROW)
    with served(house) as site:
        page.goto(f"{site}/courses/{SLUG}")
        page.get_by_label("E-mail address").fill("ada.lovelace@gmial.com")
        page.get_by_role("button", name="Send me day 1").click()
        assert_sound(page)
        page.get_by_role("button", name="Use ada.lovelace@gmail.com").click()
        expect(page.get_by_text("ada.lovelace@gmail.com")).to_be_visible()
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("status")).to_contain_text("in 2 minutes")
        assert_sound(page)
        house.step()
        page.goto(f"{site}{path(house.mails('confirm')[-1], '/confirm/')}")
        expect(page).to_have_url(re.compile("/learn/"))
    page.close()
