"""The time zone that a browser guesses: never one that we would refuse, and never over what was chosen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.browser.chromium import fresh_context, running_browser
from tests.support.browser.served import served
from tests.support.world.world import World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
COURSE = "/courses/bread-at-home"
MACHINES = (
    ("Europe/Berlin", "Europe/Berlin", "Berlin time"),
    ("Asia/Kolkata", "Asia/Calcutta", "Calcutta time"),
    ("EST5EDT", "EST5EDT", "EST5EDT"),
    ("Etc/GMT-3", "Etc/GMT-3", "GMT-3 time"),
    # Chromium has no zone for these: it says Etc/Unknown.
    ("UTC+3", "UTC", "UTC"),
    ("Mars/Base", "UTC", "UTC"),
)


@pytest.fixture
def site(world: World, servers: None) -> Iterator[str]:
    with served(world) as address:
        yield address


def zone_of(page: Page) -> str:
    return str(page.locator("select[name=zone]").input_value())


def register(page: Page) -> None:
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me day 1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("inbox")


@pytest.mark.parametrize(("machine", "zone", "words"), MACHINES)
def test_whatever_a_machine_says_of_its_zone_its_user_registers(
    machine: str, zone: str, words: str, world: World, site: str
) -> None:
    with running_browser(zone=machine) as browser:
        page = fresh_context(browser, locale="en-GB").new_page()
        page.goto(site + COURSE)
        expect(page.locator("[data-zone-words]")).to_have_text(words)
        expect(page.locator("[data-no-guess]")).to_be_visible(visible=words == "UTC")
        assert zone_of(page) == zone
        register(page)
    assert world.look_up().zone == zone


@pytest.mark.parametrize("told", ["+03:00", "GMT+03:00", "Etc/Unknown", "", None])
def test_a_zone_that_a_browser_makes_up_is_not_sent_and_another_can_be_chosen(
    told: str | None, world: World, site: str, browser_page: Page
) -> None:
    browser_page.add_init_script(
        "Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: %s })"
        % ("undefined" if told is None else f"'{told}'")
    )
    browser_page.goto(site + COURSE)
    assert zone_of(browser_page) == "UTC"
    browser_page.get_by_text("Lessons come at:").click()
    browser_page.get_by_label("Time zone").select_option("Europe/Istanbul")
    expect(browser_page.locator("[data-zone-words]")).to_have_text("Istanbul time")
    register(browser_page)
    assert world.look_up().zone == "Europe/Istanbul"


def test_what_was_chosen_before_the_script_came_stays(site: str, browser_page: Page) -> None:
    def late(route: Route) -> None:
        browser_page.locator("select[name=zone]").evaluate("it => { it.value = 'Asia/Tokyo' }")
        route.continue_()

    browser_page.route("**/page.js*", late)
    browser_page.goto(site + COURSE)
    expect(browser_page.locator("[data-zone-words]")).to_have_text("Tokyo time")
    assert zone_of(browser_page) == "Asia/Tokyo"


@pytest.mark.parametrize("chosen", ["Asia/Tokyo", "UTC"])
def test_what_was_chosen_is_there_when_one_comes_back(
    chosen: str, world: World, site: str, browser: Browser
) -> None:
    page = fresh_context(browser, locale="en-GB", timezone_id="Europe/Berlin").new_page()
    page.goto(site + COURSE)
    assert zone_of(page) == "Europe/Berlin"
    page.get_by_text("Lessons come at:").click()
    page.get_by_label("Time zone").select_option(chosen)
    register(page)
    page.go_back()
    expect(page.locator("[data-zone-words]")).to_have_text("Tokyo time" if "/" in chosen else chosen)
    assert zone_of(page) == chosen


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"email": "nobody", "zone": "Asia/Tokyo"}, "Asia/Tokyo"),
        ({"email": "nobody", "zone": "UTC"}, "UTC"),
        ({"email": "nobody", "zone": "Etc/GMT-3"}, "Etc/GMT-3"),
        ({"email": "ada@example.org", "zone": "Etc/Unknown"}, "UTC"),
        ({"email": "ada@example.org", "zone": "+03:00"}, "UTC"),
    ],
    ids=str,
)
def test_a_form_with_an_error_comes_back_with_what_was_sent_and_never_with_the_error(
    sent: dict[str, str], shown: str, site: str, browser_page: Page
) -> None:
    browser_page.goto(site + COURSE)
    browser_page.evaluate(
        """(sent) => {
            const form = document.querySelector("form.enrol");
            form.querySelector("[name=zone]").add(new Option(sent.zone, sent.zone));
            for (const [name, value] of Object.entries(sent)) form.querySelector(`[name=${name}]`).value = value;
            form.submit();
        }""",
        sent,
    )
    expect(browser_page.get_by_role("alert")).to_be_visible()
    assert zone_of(browser_page) == shown
