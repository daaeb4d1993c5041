"""Whole stories of learners in a real browser and virtual time, each from the form to the certificate."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from course.schedule.rhythm import local_date
from tests.support.browser.served import NARROW, press_to, served
from tests.support.world.sample_course import DAYS
from tests.support.world.world import House

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(house: House) -> Iterator[str]:
    with served(house) as address:
        yield address


def open_mailed(page: Page, site: str, house: House, kind: str, part: str) -> None:
    """Follows a link of the newest mail of that kind."""
    page.goto(site + urlsplit(house.mails(kind)[-1].link(part)).path)


def join(page: Page, site: str, house: House, *, scripts: bool = True) -> None:
    """From the landing page to the course page, by the mailed link; with scripts it needs no button."""
    page.goto(site)
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Send me day 1").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    house.step()
    open_mailed(page, site, house, "confirm", "/confirm/")
    if not scripts:
        page.get_by_role("button", name="Start the course").click()
    expect(page).to_have_url(re.compile("/learn/"))
    house.step()


def complete(page: Page, house: House, day: int) -> None:
    """On the lesson page of that day."""
    page.get_by_role("button", name=f"Mark day {day} complete").click()
    expect(page.get_by_role("heading", name=f"Day {day} is complete")).to_be_visible()
    house.step()


def see_certificate(page: Page) -> None:
    page.get_by_role("link", name="Open the certificate").first.click()
    expect(page).to_have_url(re.compile("/certificates/"))
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()


def days_of_lessons(house: House) -> list[str]:
    """On which local days lessons were sent, by the zone that is set now."""
    sent = [row for row in house.rows()["delivery"] if row["kind"] == "lesson" and row["accepted_at"]]
    return sorted(local_date(row["accepted_at"], house.look_up().zone).isoformat() for row in sent)


def test_who_pauses_ten_days_is_left_in_peace_and_finishes_after_them(
    house: House, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, house)
    page.reload()
    page.get_by_text("Pause for a while").click()
    page.get_by_label("Or until the day of the next lesson").fill("2026-04-03")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("paused until Friday 3 April at 8:0")
    before = len(house.mails())
    for _ in range(10):
        house.forward(days=1)
    assert house.mails()[before:] == []
    for day in range(1, DAYS + 1):
        if day > 1:
            house.next_lesson()
        open_mailed(page, site, house, "lesson", f"/dough-{day}")
        complete(page, house, day)
    see_certificate(page)
    assert days_of_lessons(house) == ["2026-03-23", "2026-04-03", "2026-04-04"]


def test_who_has_the_course_wait_is_reminded_once_left_in_peace_and_catches_up_in_one_sitting(
    house: House, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, house)
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("and wait for me when this many are unfinished").fill("2")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_contain_text("no more than 2 unfinished at a time")
    for _ in range(15):
        house.forward(days=1, hours=1)
    assert sorted(mail.kind for mail in house.mails()) == ["confirm", "lesson", "lesson", "nudge", "welcome"]
    open_mailed(page, site, house, "nudge", "/learn/")
    expect(page.get_by_text("it comes when fewer than 2 days wait to be completed").first).to_be_visible()
    for day in range(1, DAYS + 1):
        page.get_by_role("link", name=f"Open day {day}").click()
        complete(page, house, day)
    see_certificate(page)
    assert len(house.mails("nudge")) == 1


def test_the_traveller_over_the_date_line_gets_every_lesson_once_and_no_two_in_a_day(
    house: House, site: str, browser: Browser
) -> None:
    context = browser.new_context(locale="en-GB", timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    join(page, site, house)
    assert house.look_up().zone == "Pacific/Kiritimati"
    complete_on(page, site, house, 1)
    house.next_lesson()
    complete_on(page, site, house, 2)
    # Home again: it is the day before here.
    page.goto(site + house.learn_url())
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("in", exact=True).select_option("Pacific/Honolulu")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_contain_text("the clock is Honolulu time")
    sent = len(house.mails("lesson"))
    house.next_lesson()
    assert len(house.mails("lesson")) == sent + 1
    assert len(set(days_of_lessons(house))) == DAYS
    complete_on(page, site, house, 3)
    see_certificate(page)
    context.close()


def complete_on(page: Page, site: str, house: House, day: int) -> None:
    open_mailed(page, site, house, "lesson", f"/dough-{day}")
    complete(page, house, day)


def test_who_opens_no_mail_after_the_first_reads_it_all_on_the_web(
    house: House, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, house)
    page.reload()
    for day in range(1, DAYS + 1):
        page.get_by_role("link", name=f"Open day {day}").click()
        complete(page, house, day)
        if day < DAYS:
            page.get_by_role("link", name="All days").click()
            page.get_by_role("button", name=f"Send day {day + 1} now").click()
            house.step()
            page.reload()
    see_certificate(page)
    assert not house.rows()["event"]


def test_without_javascript_everything_is_there_on_the_smallest_screen(
    house: House, site: str, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    join(page, site, house, scripts=False)
    page.reload()
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("Send my lessons").select_option("on-completion")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    for day in range(1, DAYS + 1):
        page.get_by_role("link", name=f"Open day {day}").click()
        page.get_by_role("checkbox").first.click()
        expect(page.get_by_text("1 of 2 done")).to_be_visible()
        complete(page, house, day)
        page.get_by_role("link", name="All days").click()
    see_certificate(page)
    context.close()


def test_by_keyboard_alone_one_comes_from_the_form_to_the_certificate(
    house: House, site: str, browser_page: Page
) -> None:
    page = browser_page
    page.goto(site)
    press_to(page, "the address", "document.activeElement.id === 'email'")
    page.keyboard.type("ada@example.org")
    press_to(page, "the name", "document.activeElement.id === 'name'")
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    house.step()
    open_mailed(page, site, house, "confirm", "/confirm/")
    expect(page).to_have_url(re.compile("/learn/"))
    for day in range(1, DAYS + 1):
        house.step() if day == 1 else house.next_lesson()
        page.goto(site + house.learn_url())
        press(page, f"Open day {day}")
        expect(page).to_have_url(re.compile(f"/dough-{day}"))
        press(page, f"Mark day {day} complete")
        expect(page.get_by_role("heading", name=f"Day {day} is complete")).to_be_visible()
    press(page, "Open the certificate")
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()


def press(page: Page, words: str) -> None:
    """Goes to the link or button that says so, and presses Enter."""
    press_to(page, words, f"document.activeElement.innerText.trim() === '{words}'")
    page.keyboard.press("Enter")
