"""Each mail, after what clients do to it, is still read with ease: see `mail_readers`."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.mailer.compose.test_mail_html import Kind, every_mail, html_of
from tests.support.browser.chromium import fresh_page
from tests.support.browser.mail_readers import READERS
from tests.support.browser.served import assert_sound

every_reader = pytest.mark.parametrize("reader", READERS)
PHONE, DESK = 320, 700


@pytest.fixture(scope="module")
def pane(browser: Browser) -> Iterator[Page]:
    """Without pictures, as most clients first show a mail."""
    with fresh_page(browser) as page:
        page.route("**/*", lambda route: route.abort())
        yield page


def shown(pane: Page, kind: Kind, reader: str, width: int, language: str = "en") -> Page:
    pane.set_viewport_size({"width": width, "height": 800})
    pane.set_content(READERS[reader](html_of(kind, language)), wait_until="domcontentloaded")
    return pane


@every_mail
@every_reader
def test_on_a_phone_everything_fits_and_every_text_stands_out(pane: Page, kind: Kind, reader: str) -> None:
    assert_sound(shown(pane, kind, reader, PHONE))


@pytest.mark.parametrize("language", ["de", "he"])
@every_reader
def test_so_it_does_in_other_languages(pane: Page, language: str, reader: str) -> None:
    for kind in ("welcome", "lesson", "nudge"):
        assert_sound(shown(pane, kind, reader, PHONE, language))


@every_mail
@every_reader
def test_the_button_stays_a_button(pane: Page, kind: Kind, reader: str) -> None:
    button = shown(pane, kind, reader, DESK).locator('a[class$="button-link"]')
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    behind, around = (
        button.evaluate("(link, path) => getComputedStyle(link.closest(path)).backgroundColor", path)
        for path in ("td", '[class$="card"]')
    )
    assert behind != around


@every_mail
@every_reader
def test_the_preheader_stays_hidden_and_the_column_narrow(pane: Page, kind: Kind, reader: str) -> None:
    page = shown(pane, kind, reader, DESK)
    assert page.locator('[class$="preheader"]').is_hidden()
    column = page.locator('[class$="column"]').bounding_box()
    assert column is not None
    assert column["width"] == 600
