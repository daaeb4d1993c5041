"""A real browser for the tests that ask for one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser.chromium import fresh_page, running_browser


@pytest.fixture(scope="module")
def browser(servers: None) -> Iterator[Browser]:
    # By module, not session: while playwright runs, no other test of this process could call asyncio.run.
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    with fresh_page(browser) as page:
        yield page
