"""Chromium for tests, driven by playwright."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser.install_browser import find_browser

# A root user's Chromium has no sandbox; the rest keeps it from talking to anyone but the page under test.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def running_browser(*, keeps_pages: bool = False) -> Iterator[Browser]:
    """One that `keeps_pages` shows them as they were left when its user goes back; playwright's own never does."""
    unwanted = ["--disable-back-forward-cache"] if keeps_pages else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=_ARGUMENTS, ignore_default_args=unwanted
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page that shares no cookie, no storage and no cache with any other."""
    context = browser.new_context(locale="en-GB", timezone_id="Europe/Berlin")
    try:
        yield context.new_page()
    finally:
        context.close()
