"""The back button after each deed, and the deed once more from what it shows: nothing is done twice.

Three browsers: one fetches a page anew, one keeps it as it was left, and one keeps it and runs no scripts, so that
it shows what has long been done as still to do.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect

from tests.support.browser.chromium import fresh_context, running_browser
from tests.support.browser.served import served
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Kind(NamedTuple):
    keeps_pages: bool
    scripts: bool

    @property
    def shows_the_past(self) -> bool:
        """Of a learner's own pages, which scripts would load anew."""
        return self.keeps_pages and not self.scripts


@pytest.fixture(
    scope="module",
    name="kind",
    params=[Kind(False, True), Kind(True, True), Kind(True, False)],
    ids=["fetches", "keeps", "keeps-and-runs-no-scripts"],
)
def each_kind(request: pytest.FixtureRequest) -> Kind:
    kind: Kind = request.param
    return kind


@pytest.fixture(scope="module")
def page(kind: Kind) -> Iterator[Page]:
    with running_browser(keeps_pages=kind.keeps_pages) as browser:
        context = fresh_context(browser, java_script_enabled=kind.scripts)
        yield context.new_page()


@pytest.fixture
def site(world: World, page: Page) -> Iterator[str]:
    faults: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 500:
            faults.append(answer.url)

    page.on("response", note)
    with served(world) as address:
        yield address
        page.goto("about:blank")
    page.remove_listener("response", note)
    assert faults == []


def travel(page: Page, way: Literal["back", "forward"]) -> None:
    """As the browser's buttons do, and without a word from the page, which may be gone before it has spoken.

    Playwright's own buttons would wait for a page to load that was kept.
    """
    left = page.evaluate("document.body.dataset.left = Math.random()")
    browser = page.context.new_cdp_session(page)
    history = browser.send("Page.getNavigationHistory")
    to = history["entries"][history["currentIndex"] + (1 if way == "forward" else -1)]
    browser.send("Page.navigateToHistoryEntry", {"entryId": to["id"]})
    expect(page.locator(f'body:not([data-left="{left}"])')).to_be_attached()
    browser.detach()


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).first.click()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words).first).to_be_visible()


def again(page: Page, action: str) -> None:
    """Sends the form once more that did the deed, if the page still has it."""
    page.evaluate(
        "(action) => document.querySelector(`form[method=post][action$='${action}']`)?.submit()",
        action,
    )


def test_who_confirmed_and_goes_back_has_started_once(world: World, site: str, page: Page, kind: Kind) -> None:
    world.register()
    page.goto(site + urlsplit(world.mails("confirm")[0].link("/confirm/")).path)
    press(page, "Start the course")
    heading(page, "Bread at home")
    world.step()
    done = world.rows()
    travel(page, "back")
    if kind.keeps_pages:
        press(page, "Start the course")
    heading(page, "Your address is confirmed")
    world.step()
    assert world.rows() == done
    assert sorted(mail.kind for mail in world.mails()) == ["confirm", "lesson", "welcome"]


def test_who_completed_a_lesson_and_goes_back_has_completed_it_once(world: World, site: str, page: Page) -> None:
    world.enrol()
    page.goto(f"{site}{world.learn_url()}/dough-1")
    page.get_by_role("checkbox").first.click()
    expect(page.get_by_role("checkbox").first).to_be_checked()
    press(page, "Mark day 1 complete")
    heading(page, "Day 1 is complete")
    world.step()
    done = world.rows()
    travel(page, "back")
    travel(page, "forward")
    heading(page, "Day 1 is complete")
    travel(page, "back")
    again(page, "/complete")
    heading(page, "Day 1 is complete")
    expect(page.get_by_role("checkbox").first).to_be_checked()
    world.step()
    assert world.rows() == done


def test_who_paused_and_goes_back_is_paused_as_they_said(world: World, site: str, page: Page, kind: Kind) -> None:
    world.enrol()
    page.goto(site + world.learn_url())
    unfold(page)
    press(page, "For a week")
    expect(page.get_by_role("status")).to_contain_text("paused until")
    done = world.rows()
    travel(page, "back")
    if kind.shows_the_past:
        press(page, "For a week")
    expect(page.locator("main")).to_contain_text("paused until")
    assert world.rows() == done


def test_who_had_the_next_lesson_sent_and_goes_back_has_not_the_one_after_it(
    world: World, site: str, page: Page, kind: Kind
) -> None:
    world.enrol()
    page.goto(site + world.learn_url())
    press(page, "Send day 2 now")
    expect(page.get_by_role("status")).to_be_visible()
    world.step()
    done = world.rows()
    travel(page, "back")
    if kind.shows_the_past:
        press(page, "Send day 2 now")
    expect(page.get_by_role("button", name="Send day 3 now")).to_be_visible()
    world.step()
    assert world.rows() == done
    assert [mail.day for mail in world.mails("lesson")] == [1, 2]


def test_who_left_and_goes_back_and_forth_has_left(world: World, site: str, page: Page) -> None:
    world.enrol()
    page.goto(site + world.unsubscribe_url())
    press(page, "Unsubscribe")
    heading(page, "You are unsubscribed")
    done = world.rows()
    travel(page, "back")
    travel(page, "forward")
    heading(page, "You are unsubscribed")
    travel(page, "back")
    again(page, world.unsubscribe_url())
    heading(page, "You are unsubscribed")
    assert world.rows() == done


def test_who_had_all_erased_and_goes_back_finds_a_page_that_says_so_kindly(
    world: World, site: str, page: Page
) -> None:
    world.enrol()
    link = world.ask_for("erase")
    page.goto(site + urlsplit(link).path)
    press(page, "Erase everything about me")
    heading(page, "Everything is erased")
    done = world.rows()
    travel(page, "back")
    travel(page, "forward")
    heading(page, "Everything is erased")
    travel(page, "back")
    again(page, urlsplit(link).path)
    heading(page, "This page is not here")
    assert world.rows() == done
    assert done["learner"] == []


def test_who_mended_a_form_and_goes_back_sees_what_was_wrong_with_it(world: World, site: str, page: Page) -> None:
    page.goto(site)
    page.get_by_label("E-mail address").fill("ada@")
    page.evaluate("document.querySelectorAll('form').forEach((each) => (each.noValidate = true))")
    press(page, "Send me day 1")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("E-mail address").fill("ada@example.org")
    press(page, "Send me day 1")
    heading(page, "Check your inbox")
    travel(page, "back")
    expect(page.get_by_role("alert")).to_be_visible()
    travel(page, "forward")
    heading(page, "Check your inbox")
    world.step()
    assert len(world.mails("confirm")) == 1
