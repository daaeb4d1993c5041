"""Every page of the site in a real browser: sound in every light and width, light to load, of this site alone."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import template_rendered
from jinja2 import Template
from playwright.sync_api import Browser, Page, Request

from tests.support.browser.chromium import fresh_context
from tests.support.browser.page_states import PageState
from tests.support.browser.served import NARROW, WIDE, assert_sound, served
from tests.support.browser.walk import open_state, stand_before, walk, world_to_walk
from tests.support.project import ROOT
from tests.support.servers.redis_server import RedisServer
from tests.support.world.world import World

HEAVIEST = 100_000
TEMPLATES = ROOT / "web/templates"
# What a busy machine paints before it has read the page to its end moves by itself: of that nothing can be said.
SHIFTED = """() => new Promise((tell) => {
    const [{ domInteractive }] = performance.getEntriesByType("navigation");
    const painted = performance.getEntriesByName("first-paint")[0]?.startTime ?? Infinity;
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value)))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => tell(painted < domInteractive ? null : sum)));
})"""


@pytest.fixture
def world(tmp_path: Path, redis_server: RedisServer) -> Iterator[World]:
    with world_to_walk(tmp_path, redis_server.url) as built:
        yield built


def test_every_page_is_sound_and_light_and_asks_nobody_else(world: World, browser: Browser) -> None:
    shown: set[str] = set()

    def note(_app: object, template: Template, **_: object) -> None:
        shown.add(template.name or "")

    context = fresh_context(browser, color_scheme="dark", viewport=NARROW)
    page = context.new_page()
    # Each page is weighed as a newcomer gets it.
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    with served(world) as site, template_rendered.connected_to(note, world.app):
        for state in walk(world, page, site):
            look_at(page, site, state)
    context.close()
    assert whole_pages() - shown == set()


def whole_pages() -> set[str]:
    """The templates that make a page, not a part of one."""
    return {
        str(file.relative_to(TEMPLATES))
        for file in TEMPLATES.rglob("*.html")
        if file.stem != "layout" and "{% extends" in file.read_text()
    }


def look_at(page: Page, site: str, state: PageState) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    stand_before(page, site, state)
    with loading(page) as loaded:
        open_state(page, site, state)
    assert [r.url for r in loaded if not r.url.startswith((site, "data:"))] == []
    assert weight(page, loaded) < HEAVIEST, f"{state.name} is too heavy"
    assert page.evaluate(SHIFTED) in (0, None), f"{state.name} moves while it loads"
    assert_sound(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    assert_sound(page)


@contextlib.contextmanager
def loading(page: Page) -> Iterator[list[Request]]:
    """What is loaded meanwhile, from anywhere."""
    loaded: list[Request] = []

    def note(request: Request) -> None:
        loaded.append(request)

    page.on("requestfinished", note)
    yield loaded
    page.remove_listener("requestfinished", note)


def weight(page: Page, loaded: list[Request]) -> int:
    """In bytes over the wire, without media, and without the mails shown in frames."""
    own = [r for r in loaded if r.frame == page.main_frame]
    ours = [r for r in own if r.url.startswith("http") and "/media/" not in r.url]
    return sum(r.sizes()["responseBodySize"] for r in ours)
