"""Chromium for tests, driven by playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from course.settings import environment
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

PATIENCE_MILLISECONDS = 120_000
"""Playwright's own five seconds for an expectation, and thirty for a page, are not enough on a busy machine."""


@contextmanager
def running_browser(*, keeps_pages: bool = False, zone: str | None = None) -> Iterator[Browser]:
    """One that `keeps_pages` shows them as they were left when its user goes back; playwright's own never does.
    `zone` is what its machine says of its time zone, in the variable TZ."""
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    unwanted = ["--disable-back-forward-cache"] if keeps_pages else None
    environ: dict[str, str | float | bool] | None = None if zone is None else {**environment(), "TZ": zone}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=_ARGUMENTS, ignore_default_args=unwanted, env=environ
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page that shares no cookie, no storage and no cache with any other."""
    context = fresh_context(browser, locale="en-GB", timezone_id="Europe/Berlin")
    try:
        yield context.new_page()
    finally:
        context.close()


def fresh_context(browser: Browser, **options: Any) -> BrowserContext:
    """As `Browser.new_context` makes it, but patient."""
    context = browser.new_context(**options)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    return context
