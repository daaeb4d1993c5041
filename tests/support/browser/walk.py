"""From one page state to the next, in a real browser."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.support.author.studio import USERS, session_of
from tests.support.browser.page_states import PageState, page_states, write_two_courses
from tests.support.browser.studio_states import studio_states, way_in_states
from tests.support.world.world import World

SUBMIT = """([action, fields]) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action });
    const token = document.querySelector("[name=csrf_token]");
    form.append(...(token ? [token.cloneNode()] : []), ...Object.entries(fields).map(([name, value]) =>
        Object.assign(document.createElement("input"), { type: "hidden", name, value })));
    document.body.append(form);
    form.submit();
}"""


@contextlib.contextmanager
def world_to_walk(folder: Path, redis_url: str) -> Iterator[World]:
    lessons, url = folder / "lessons", f"sqlite:///{folder / 'dayletter.sqlite3'}"
    write_two_courses(lessons)
    with contextlib.closing(World(folder / "var", url, redis_url, lessons, STUDIO_USERS=USERS)) as world:
        yield world


def walk(world: World, page: Page, site: str) -> Iterator[PageState]:
    """Every state of an empty world in turn, to be opened in `page` before the next is asked for."""
    states = page_states(world)
    for state in (*states, *way_in_states(world)):
        if not state.remembers:
            page.context.clear_cookies()
        yield state
    for name, value in session_of(world, "operator", world.clock.real()).items():
        page.context.add_cookies([{"name": name, "value": value, "url": f"{site}/studio"}])
    yield from studio_states(world)


def stand_before(page: Page, site: str, state: PageState) -> None:
    """Where the state is posted from, if it is."""
    if state.fields is not None:
        page.goto(f"{site}{state.before}")


def open_state(page: Page, site: str, state: PageState) -> None:
    with page.expect_navigation(wait_until="load") as answer:
        if state.fields is None:
            page.goto(f"{site}{state.path}")
        else:
            page.evaluate(SUBMIT, [f"{site}{state.path}", state.fields])
    assert answer.value.status == state.status, state.name
