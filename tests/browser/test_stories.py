"""Whole stories of learners in a real browser and virtual time, each from the form to the certificate."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from course.schedule.rhythm import local_date
from tests.support.browser.chromium import fresh_context
from tests.support.browser.served import NARROW, press_to, served
from tests.support.world.sample_course import DAYS
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def site(world: World) -> Iterator[str]:
    with served(world) as address:
        yield address


def open_mailed(page: Page, site: str, world: World, kind: str, part: str) -> None:
    """Follows a link of the newest mail of that kind."""
    page.goto(site + urlsplit(world.mails(kind)[-1].link(part)).path)


def join(page: Page, site: str, world: World, *, scripts: bool = True) -> None:
    """From the landing page to the course page, by the mailed link; with scripts it needs no button."""
    page.goto(site)
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Name").fill("Ada")
    page.get_by_role("button", name="Send me day 1").click()
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    world.step()
    open_mailed(page, site, world, "confirm", "/confirm/")
    if not scripts:
        page.get_by_role("button", name="Start the course").click()
    expect(page).to_have_url(re.compile("/learn/"))
    world.step()


def complete(page: Page, world: World, day: int) -> None:
    """On the lesson page of that day."""
    page.get_by_role("button", name=f"Mark day {day} complete").click()
    expect(page.get_by_role("heading", name=f"Day {day} is complete")).to_be_visible()
    world.step()


def see_certificate(page: Page) -> None:
    page.get_by_role("link", name="Open the certificate").first.click()
    expect(page).to_have_url(re.compile("/certificates/"))
    expect(page.get_by_role("heading", name="Ada")).to_be_visible()


def days_of_lessons(world: World) -> list[str]:
    """On which local days lessons were sent, by the zone that is set now."""
    sent = [row for row in world.rows()["delivery"] if row["kind"] == "lesson" and row["accepted_at"]]
    return sorted(local_date(row["accepted_at"], world.look_up().zone).isoformat() for row in sent)


def test_who_pauses_ten_days_is_left_in_peace_and_finishes_after_them(
    world: World, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, world)
    page.reload()
    page.get_by_text("Pause for a while").click()
    page.get_by_label("Or until the day of the next lesson").fill("2026-04-03")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("paused until Friday 3 April.")
    before = len(world.mails())
    for _ in range(10):
        world.forward(days=1)
    assert world.mails()[before:] == []
    for day in range(1, DAYS + 1):
        if day > 1:
            world.next_lesson()
        open_mailed(page, site, world, "lesson", f"/dough-{day}")
        complete(page, world, day)
    see_certificate(page)
    assert days_of_lessons(world) == ["2026-03-23", "2026-04-03", "2026-04-04"]


def test_who_has_the_course_wait_is_reminded_once_left_in_peace_and_catches_up_in_one_sitting(
    world: World, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, world)
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("and wait for me when this many are unfinished").fill("2")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_contain_text("no more than 2 unfinished at a time")
    for _ in range(15):
        world.forward(days=1, hours=1)
    assert sorted(mail.kind for mail in world.mails()) == ["confirm", "lesson", "lesson", "nudge", "welcome"]
    open_mailed(page, site, world, "nudge", "/learn/")
    expect(page.get_by_text("it comes when fewer than 2 days wait to be completed").first).to_be_visible()
    for day in range(1, DAYS):
        page.get_by_role("link", name=f"Open day {day}").click()
        complete(page, world, day)
    # The last one would come at the next hour; who sits here now need not wait.
    page.goto(site + world.learn_url())
    page.get_by_role("button", name=f"Send day {DAYS} now").click()
    world.step()
    page.reload()
    page.get_by_role("link", name=f"Open day {DAYS}").click()
    complete(page, world, DAYS)
    see_certificate(page)
    assert len(world.mails("nudge")) == 1


def test_the_traveller_over_the_date_line_gets_every_lesson_once_and_no_two_in_a_day(
    world: World, site: str, browser: Browser
) -> None:
    context = fresh_context(browser, locale="en-GB", timezone_id="Pacific/Kiritimati")
    page = context.new_page()
    join(page, site, world)
    assert world.look_up().zone == "Pacific/Kiritimati"
    complete_on(page, site, world, 1)
    world.next_lesson()
    complete_on(page, site, world, 2)
    # Home again: it is the day before here.
    page.goto(site + world.learn_url())
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("in", exact=True).select_option("Pacific/Honolulu")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_contain_text("the clock is Honolulu time")
    sent = len(world.mails("lesson"))
    world.next_lesson()
    assert len(world.mails("lesson")) == sent + 1
    assert len(set(days_of_lessons(world))) == DAYS
    complete_on(page, site, world, 3)
    see_certificate(page)
    context.close()


def complete_on(page: Page, site: str, world: World, day: int) -> None:
    open_mailed(page, site, world, "lesson", f"/dough-{day}")
    complete(page, world, day)


def test_who_opens_no_mail_after_the_first_reads_it_all_on_the_web(
    world: World, site: str, browser_page: Page
) -> None:
    page = browser_page
    join(page, site, world)
    page.reload()
    for day in range(1, DAYS + 1):
        page.get_by_role("link", name=f"Open day {day}").click()
        complete(page, world, day)
        if day < DAYS:
            page.get_by_role("link", name="All days").click()
            page.get_by_role("button", name=f"Send day {day + 1} now").click()
            world.step()
            page.reload()
    see_certificate(page)
    assert not world.rows()["event"]


def test_without_javascript_everything_is_there_on_the_smallest_screen(
    world: World, site: str, browser: Browser
) -> None:
    context = fresh_context(browser, java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    join(page, site, world, scripts=False)
    page.reload()
    page.get_by_text("Your rhythm:").click()
    page.get_by_label("Send my lessons").select_option("on-completion")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("status")).to_be_visible()
    for day in range(1, DAYS + 1):
        page.get_by_role("link", name=f"Open day {day}").click()
        page.get_by_role("checkbox").first.click()
        expect(page.get_by_text("1 of 2 done")).to_be_visible()
        complete(page, world, day)
        page.get_by_role("link", name="All days").click()
    see_certificate(page)
    context.close()


def test_by_keyboard_alone_one_comes_from_the_form_to_the_certificate(
    world: World, site: str, browser_page: Page
) -> None:
    page = browser_page
    page.goto(site)
    press_to(page, "the address", "document.activeElement.id === 'email'")
    page.keyboard.type("ada@example.org")
    press_to(page, "the name", "document.activeElement.id === 'name'")
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Check your inbox")).to_be_visible()
    world.step()
    open_mailed(page, site, world, "confirm", "/confirm/")
    expect(page).to_have_url(re.compile("/learn/"))
    for day in range(1, DAYS + 1):
        world.step() if day == 1 else world.next_lesson()
        page.goto(site + world.learn_url())
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
