"""Every page of a learner in a real browser: sound in every light and width, light to load, of this site alone."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.support.house import House
from tests.support.page_states import PageState, page_states, write_two_courses
from tests.support.redis_server import RedisServer
from tests.support.served import NARROW, WIDE, assert_sound, served

HEAVIEST = 100_000
OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size")
"""The rules whose verdict hangs on colours and width; all others have spoken before those change."""
SHIFTED = """() => new Promise((tell) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value)))
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => tell(sum)));
})"""
SUBMIT = """([action, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    form.append(...Object.entries(fields).map(([name, value]) =>
        Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture
def house(tmp_path: Path, redis_server: RedisServer) -> Iterator[House]:
    write_two_courses(tmp_path / "lessons")
    url = f"sqlite:///{tmp_path / 'dayletter.sqlite3'}"
    with contextlib.closing(House(tmp_path / "var", url, redis_server.url, tmp_path / "lessons")) as built:
        yield built


def test_every_page_is_sound_and_light_and_asks_nobody_else(house: House, browser: Browser) -> None:
    states = page_states(house)
    with served(house) as site:
        for state in states:
            context = browser.new_context(color_scheme="dark", viewport=NARROW)
            page = context.new_page()
            if state.fields is not None:
                page.goto(f"{site}/healthz")
            with loading(page) as loaded:
                open_state(page, site, state)
            assert [r.url for r in loaded if not r.url.startswith((site, "data:"))] == []
            assert weight(loaded) < HEAVIEST, f"{state.name} is too heavy"
            assert page.evaluate(SHIFTED) == 0, f"{state.name} moves while it loads"
            assert_sound(page)
            page.emulate_media(color_scheme="light")
            page.set_viewport_size(WIDE)
            assert_sound(page, *OF_LOOKS)
            context.close()


@contextlib.contextmanager
def loading(page: Page) -> Iterator[list[Request]]:
    """What is loaded meanwhile, from anywhere."""
    loaded: list[Request] = []

    def note(request: Request) -> None:
        loaded.append(request)

    page.on("requestfinished", note)
    yield loaded
    page.remove_listener("requestfinished", note)


def weight(loaded: list[Request]) -> int:
    """In bytes over the wire, without media."""
    ours = [r for r in loaded if r.url.startswith("http") and "/media/" not in r.url]
    return sum(r.sizes()["responseBodySize"] for r in ours)


def open_state(page: Page, site: str, state: PageState) -> None:
    with page.expect_navigation(wait_until="load") as answer:
        if state.fields is None:
            page.goto(f"{site}{state.path}")
        else:
            page.evaluate(SUBMIT, [f"{site}{state.path}", state.fields])
    assert answer.value.status == state.status, state.name
